package io.holdfast.server.config;

/** A setting that cannot be; the message names the key and says what would do. */
public final class BadConfiguration extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Creates one for {@code key}. */
    public BadConfiguration(String key, String problem) {
        super(key + ": " + problem);
    }

    BadConfiguration(String key, IllegalArgumentException cause) {
        super(key + ": " + cause.getMessage(), cause);
    }
}
