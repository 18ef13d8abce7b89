package io.holdfast.api;

import java.io.IOException;
import java.io.Serial;

/** A document is not what the API says: no JSON, cut off, of another type, out of range, too deep or too long. */
public final class MalformedJsonException extends IOException {

    @Serial
    private static final long serialVersionUID = 1;

    private final String field;
    private final String problem;

    /** Creates one for a document that says something that cannot be; the message is all of it. */
    public MalformedJsonException(String message) {
        super(message);
        this.field = "";
        this.problem = message;
    }

    /**
     * Creates one.
     *
     * @param field the place as a client writes it, such as {@code locks[2].name}; empty for the document itself
     * @param problem what is wrong there, or what it must be
     */
    MalformedJsonException(String field, String problem) {
        super((field.isEmpty() ? "the document" : field) + " " + problem);
        this.field = field;
        this.problem = problem;
    }

    /** Creates one for what the parser refused. */
    MalformedJsonException(String field, String problem, Throwable cause) {
        this(field, problem);
        initCause(cause);
    }

    /** Returns the place as a client writes it, such as {@code locks[2].name}; empty for the document itself. */
    public String field() {
        return field;
    }

    /** Returns what is wrong there, or what it must be: {@code must be a string (line 1, column 9)}. */
    public String problem() {
        return problem;
    }
}
