package io.holdfast.lock;

/** What there is a bound for; a command that would pass it is refused and changes nothing. */
public enum Quota {
    /** Sessions that are open at the same time. */
    SESSIONS,
    /** Locks of all grants and tickets in line at the same time, a lock set counting as many as it names. */
    GRANTS,
    /** Tickets in line for one lock. */
    WAITERS_PER_LOCK,
    /** Grants and tickets in line of one session. */
    GRANTS_PER_SESSION,
    /** Sessions of one principal; the rules have the limits. */
    PRINCIPAL_SESSIONS,
    /** Grants and waiting tickets of one principal; the rules have the limits. */
    PRINCIPAL_GRANTS,
    /** Bytes of a heap that the whole table takes, as it estimates them itself. */
    BYTES,
    /** Fencing tokens: there is none left below 2^53 for one more ticket. They never start again. */
    TOKENS
}
