package io.holdfast.server.rest.body;

import io.holdfast.server.replica.AppliedAt;
import java.util.function.BiConsumer;

/** The headers with the state that an answer was read at; every answer has them but {@link #FILTERED}. */
public final class AnswerHeaders {

    public static final String REVISION = "Holdfast-Revision";
    public static final String NODE = "Holdfast-Node";
    public static final String ROLE = "Holdfast-Role";
    public static final String AGE = "Holdfast-Age-Ms";

    /** With lists and streams: what the caller may not read was left out, if there was something. */
    public static final String FILTERED = "Holdfast-Filtered";

    private AnswerHeaders() {}

    /** Gives each header to {@code headers}, name first. */
    public static void give(AppliedAt at, BiConsumer<String, String> headers) {
        headers.accept(REVISION, at.revision().toString());
        headers.accept(NODE, Integer.toString(at.node()));
        headers.accept(ROLE, at.role());
        headers.accept(AGE, Long.toString(at.ageMs()));
    }
}
