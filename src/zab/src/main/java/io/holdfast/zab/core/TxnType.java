package io.holdfast.zab.core;

/** What a transaction's payload is for. The code is what disk and wire carry; codes are never used again. */
public enum TxnType {
    /** A command for the replicated state machine. */
    COMMAND(1),
    /** A new configuration of the ensemble. */
    CONFIGURATION(2);

    private final int code;

    TxnType(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /**
     * Reads {@link #code()} back.
     *
     * @throws IllegalArgumentException when no type has that code
     */
    public static TxnType of(int code) {
        return switch (code) {
            case 1 -> COMMAND;
            case 2 -> CONFIGURATION;
            default -> throw new IllegalArgumentException("no transaction type has code " + code);
        };
    }
}
