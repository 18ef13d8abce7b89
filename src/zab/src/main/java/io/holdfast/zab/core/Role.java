package io.holdfast.zab.core;

/** What a server is at the moment. The code is what the wire carries. */
public enum Role {
    LOOKING(0),
    FOLLOWING(1),
    LEADING(2),
    OBSERVING(3);

    private final int code;

    Role(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /**
     * Reads {@link #code()} back.
     *
     * @throws IllegalArgumentException when no role has that code
     */
    public static Role of(int code) {
        return switch (code) {
            case 0 -> LOOKING;
            case 1 -> FOLLOWING;
            case 2 -> LEADING;
            case 3 -> OBSERVING;
            default -> throw new IllegalArgumentException("no role has code " + code);
        };
    }
}
