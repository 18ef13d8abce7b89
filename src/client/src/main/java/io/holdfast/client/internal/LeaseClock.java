package io.holdfast.client.internal;

import io.holdfast.client.SessionState;
import org.jspecify.annotations.Nullable;

/**
 * Works out from made-up or real moments what the lease of one session is worth. It has no clock and no timer: the same
 * moments give the same states, whether or not anything looked in between. Any thread.
 *
 * <p>A lease counts from the moment before its request was sent. Each step forward is for good: work that must stop
 * does not become well again, and what was lost is never revived, whatever answer comes later.
 */
final class LeaseClock {

    private final LeaseTerms terms;
    private Mark confirmed;
    private long ttlMillis;
    private long drift;
    private boolean refused;
    private boolean stopping;
    private boolean lost;
    private boolean closed;

    /**
     * The lease of a session that was opened.
     *
     * @param asked before the first request with its idempotency key was sent: any of them may have opened it
     * @param ttlMillis as the server answered
     * @param driftPerMille as the server answered; null when it did not
     */
    LeaseClock(LeaseTerms terms, Mark asked, long ttlMillis, @Nullable Integer driftPerMille) {
        this.terms = terms;
        this.confirmed = asked;
        this.ttlMillis = believable(ttlMillis);
        this.drift = drift(driftPerMille);
    }

    /** A server can shorten a lease; one that says it is longer than asked for is not believed. */
    private long believable(long ttl) {
        return Math.max(0, Math.min(ttl, terms.ttlMillis()));
    }

    private static long drift(@Nullable Integer answered) {
        return answered == null
                ? LeaseTerms.DRIFT_PER_MILLE_MIN
                : Math.min(1000, Math.max(LeaseTerms.DRIFT_PER_MILLE_MIN, answered));
    }

    /** The state at a moment. */
    synchronized SessionState at(Mark now) {
        advance(now);
        if (closed) {
            return SessionState.CLOSED;
        }
        if (lost) {
            return SessionState.LOST;
        }
        if (stopping) {
            return SessionState.STOPPING;
        }
        boolean late = confirmed.nanosUntil(now) >= ttlMillis * 500_000;
        return late || refused ? SessionState.SUSPENDED : SessionState.CONNECTED;
    }

    private void advance(Mark now) {
        long elapsed = confirmed.nanosUntil(now);
        stopping |= elapsed >= terms.stopMillis(ttlMillis, drift) * 1_000_000;
        lost |= elapsed >= LeaseTerms.usableMillis(ttlMillis, drift) * 1_000_000;
        stopping |= lost;
    }

    /**
     * Takes the answer to a keepalive.
     *
     * @param sent before its request was sent
     * @param now when the answer is looked at
     * @param ttl as the server answered
     * @param driftPerMille as the server answered; null when it did not
     * @return whether the lease goes on
     */
    synchronized boolean confirm(Mark sent, Mark now, long ttl, @Nullable Integer driftPerMille) {
        advance(now);
        if (!lost && sent.isAfter(confirmed)) {
            confirmed = sent;
            refused = false;
            ttlMillis = believable(ttl);
            drift = drift(driftPerMille);
            advance(now);
        }
        return !lost;
    }

    /**
     * Takes a stop back: nothing was held under the lease when it was confirmed, so no work was told to stop and what
     * is granted from now on counts from that confirmation. What was lost stays lost.
     */
    synchronized void resume(Mark now) {
        stopping = lost;
        advance(now);
    }

    /** The server does not know the caller any more: the lease ends as it would, unless that changes. */
    synchronized void refuse() {
        refused = true;
    }

    /** The server says that the session is over. */
    synchronized void end() {
        stopping = true;
        lost = true;
    }

    /** Its owner ends it; what was lost stays lost. */
    synchronized void close() {
        closed |= !lost;
        end();
    }

    /** How long the lease can be relied on; 0 once it was lost. */
    synchronized long remainingNanos(Mark now) {
        advance(now);
        return lost
                ? 0
                : Math.max(0, LeaseTerms.usableMillis(ttlMillis, drift) * 1_000_000 - confirmed.nanosUntil(now));
    }

    /** How long it lives without being confirmed. */
    long ttlMillis() {
        return terms.ttlMillis();
    }

    /** Whether enough is left of it to begin something new: more than half of the ttl. */
    synchronized boolean isFresh(Mark now) {
        advance(now);
        return !stopping
                && !refused
                && confirmed.nanosUntil(now) < (LeaseTerms.usableMillis(ttlMillis, drift) - ttlMillis / 2) * 1_000_000;
    }

    /** Milliseconds until the next keepalive is due; 0 when it is. */
    synchronized long keepaliveInMillis(Mark now) {
        return Math.max(0, ttlMillis / 3 - confirmed.nanosUntil(now) / 1_000_000);
    }

    /** How long one keepalive is waited for before another node is asked too. */
    synchronized long patienceMillis() {
        return Math.max(1, ttlMillis / 6);
    }

    /** Milliseconds until the state changes by itself, rounded up; {@link Long#MAX_VALUE} when it does not any more. */
    synchronized long changeInMillis(Mark now) {
        advance(now);
        if (lost) {
            return Long.MAX_VALUE;
        }
        long elapsed = confirmed.nanosUntil(now);
        long next = LeaseTerms.usableMillis(ttlMillis, drift) * 1_000_000;
        long stop = terms.stopMillis(ttlMillis, drift) * 1_000_000;
        if (!stopping) {
            next = elapsed < ttlMillis * 500_000 ? Math.min(stop, ttlMillis * 500_000) : stop;
        }
        return Math.max(0, next - elapsed + 999_999) / 1_000_000;
    }
}
