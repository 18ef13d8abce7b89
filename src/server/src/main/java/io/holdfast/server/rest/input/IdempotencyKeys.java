package io.holdfast.server.rest.input;

/** Idempotency keys, bare or in quotes as the IETF draft of {@code Idempotency-Key} writes them: both name one id. */
public final class IdempotencyKeys {

    private IdempotencyKeys() {}

    /** Returns the id that a header value names; the value itself when it has no quotes around it. */
    public static String id(String header) {
        boolean quoted = header.length() >= 2 && header.startsWith("\"") && header.endsWith("\"");
        return quoted ? header.substring(1, header.length() - 1) : header;
    }
}
