package io.holdfast.zab.core;

/** What a transaction's payload is for. The code is what disk and wire carry; codes are never used again. */
public enum TxnType {
    /** A command for the replicated state machine. */
    COMMAND(1),
    /** A configuration that is to follow the one in force: pending from being logged until it is delivered. */
    CONFIGURATION(2),
    /** The mark that the configuration before it is committed: whoever has it in the log needs the old one no more. */
    ACTIVATION(3);

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
            case 3 -> ACTIVATION;
            default -> throw new IllegalArgumentException("no transaction type has code " + code);
        };
    }
}
