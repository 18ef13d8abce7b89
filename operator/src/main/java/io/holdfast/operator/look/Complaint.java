package io.holdfast.operator.look;

/**
 * Something that a person should know of and that stops nothing.
 *
 * @param reason one word, as of Events
 * @param text one sentence, on one line
 */
public record Complaint(String reason, String text) {

    /** An annotation cannot be read. */
    public static final String BAD_ANNOTATION = "BadAnnotation";

    /** A part of what is asked for cannot be carried out. */
    public static final String BLOCKED = "Blocked";

    /** The authority of the members' certificates is being replaced. */
    public static final String ROTATING = "RotatingCertificates";

    /** The API server does not allow something that the operator can do without. */
    public static final String MISSING_RIGHT = "MissingRight";
}
