package io.holdfast.lock;

/**
 * The bytes of a command are damaged, or of a version this release does not know. A replica that meets it in a
 * committed transaction must stop: to pass over it would make the replicas differ.
 */
public final class CommandFormatException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    CommandFormatException(String message) {
        super(message);
    }
}
