package io.holdfast.zab.core;

/**
 * Why a request has no result; clients need to know whether it may have happened. The code is what the wire carries.
 */
public enum RequestFailure {
    /** Nothing was done: no leader was found in time. */
    NO_LEADER(1),
    /** Nothing was done: a bound on outstanding work was reached here or at the leader. */
    OVERLOADED(2),
    /** It was sent to a leader and not confirmed in time: it may take effect now, later or never. */
    OUTCOME_UNKNOWN(3),
    /** Nothing was done: another change of the configuration is under way. */
    CHANGE_PENDING(4),
    /** Nothing was done: the configuration in force is not the one that was to be changed. */
    CONFIGURATION_CHANGED(5),
    /** Nothing was done: the leader does not vote in the new configuration; another has to lead first. */
    LEADER_LEAVES(6),
    /** Nothing was done: a new voter does not follow the leader, or lags too far behind. */
    VOTER_NOT_SYNCED(7),
    /** Nothing was done: of the new configuration's voters, no quorum follows the leader. */
    NO_QUORUM(8),
    /** Nothing was done: this server is no member of the ensemble any more; another one has to be asked. */
    NOT_A_MEMBER(9),
    /**
     * Nothing was done: no member could apply it, or the configuration in force does not know it. The same bytes are
     * refused again.
     */
    MALFORMED(10);

    private final int code;

    RequestFailure(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /**
     * Reads {@link #code()} back.
     *
     * @throws IllegalArgumentException when no failure has that code
     */
    public static RequestFailure of(int code) {
        for (RequestFailure failure : values()) {
            if (failure.code == code) {
                return failure;
            }
        }
        throw new IllegalArgumentException("no failure of a request has code " + code);
    }
}
