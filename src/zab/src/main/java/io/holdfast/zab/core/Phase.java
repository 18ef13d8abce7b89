package io.holdfast.zab.core;

/** How far a server has come in its role; the names of the TLA+ specification. The code is what the wire carries. */
public enum Phase {
    ELECTION(0),
    DISCOVERY(1),
    SYNCHRONIZATION(2),
    BROADCAST(3);

    private final int code;

    Phase(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /**
     * Reads {@link #code()} back.
     *
     * @throws IllegalArgumentException when no phase has that code
     */
    public static Phase of(int code) {
        return switch (code) {
            case 0 -> ELECTION;
            case 1 -> DISCOVERY;
            case 2 -> SYNCHRONIZATION;
            case 3 -> BROADCAST;
            default -> throw new IllegalArgumentException("no phase has code " + code);
        };
    }
}
