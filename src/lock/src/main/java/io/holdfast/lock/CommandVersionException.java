package io.holdfast.lock;

/**
 * A command is of a version that only a newer release knows. A replica that meets it in a committed transaction must
 * stop: what it cannot read the others applied.
 */
public final class CommandVersionException extends CommandFormatException {

    private static final long serialVersionUID = 1;

    CommandVersionException(String message) {
        super(message);
    }
}
