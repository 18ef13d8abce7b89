package io.holdfast.lock;

/**
 * The bytes are no command: every release that knows their version refuses them alike, so a replica that meets them in
 * a committed transaction passes over it.
 */
public sealed class CommandFormatException extends IllegalArgumentException permits CommandVersionException {

    private static final long serialVersionUID = 1;

    CommandFormatException(String message) {
        super(message);
    }
}
