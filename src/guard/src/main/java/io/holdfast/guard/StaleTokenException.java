package io.holdfast.guard;

/**
 * A write was refused because a later holder's token was seen at its resource, or may have been. The lock that the
 * token was given for is lost: stop the work, and acquire again. It is unchecked, so that frameworks roll back the
 * transaction that it leaves.
 */
public final class StaleTokenException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String resource;
    private final long token;

    /**
     * Creates the refusal of one write.
     *
     * @param reason what was seen, as the rest of a sentence about the token
     */
    public StaleTokenException(String resource, long token, String reason) {
        super("token " + token + " is stale at " + resource + ": " + reason);
        this.resource = resource;
        this.token = token;
    }

    /** Returns the resource that was not written. */
    public String resource() {
        return resource;
    }

    /** Returns the token that came with the write. */
    public long token() {
        return token;
    }
}
