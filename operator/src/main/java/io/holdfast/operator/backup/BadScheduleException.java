package io.holdfast.operator.backup;

/** A schedule or its time zone cannot be. The message is one line, and says what to write instead. */
public final class BadScheduleException extends Exception {

    private static final long serialVersionUID = 1L;

    BadScheduleException(String message) {
        super(message);
    }
}
