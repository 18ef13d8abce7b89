package io.holdfast.guard;

/** A bound was reached before a resource could be held. Nothing was done, and the same call may succeed later. */
public final class ResourceBusyException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /**
     * Creates the exception.
     *
     * @param message which resource, and which bound
     */
    public ResourceBusyException(String message) {
        super(message);
    }
}
