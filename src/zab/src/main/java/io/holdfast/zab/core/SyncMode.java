package io.holdfast.zab.core;

/**
 * How a leader brings a learner to its own history (protocol.md#synchronization). The code is what the wire carries.
 */
public enum SyncMode {
    /** The learner's history is a prefix of the leader's: it gets what it lacks. */
    DIFF(1),
    /** The learner has transactions that the leader's history lacks: it drops those, then gets what it lacks. */
    TRUNC(2),
    /** The leader no longer has what the learner lacks one by one: it gets a snapshot, then what follows it. */
    SNAP(3);

    private final int code;

    SyncMode(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /**
     * Reads {@link #code()} back.
     *
     * @throws IllegalArgumentException when no mode has that code
     */
    public static SyncMode of(int code) {
        return switch (code) {
            case 1 -> DIFF;
            case 2 -> TRUNC;
            case 3 -> SNAP;
            default -> throw new IllegalArgumentException("no sync mode has code " + code);
        };
    }
}
