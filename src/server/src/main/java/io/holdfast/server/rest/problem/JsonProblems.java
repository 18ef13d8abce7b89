package io.holdfast.server.rest.problem;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Says in the client's words what Jackson could not read: the field when there is one, the place when it is no JSON.
 */
final class JsonProblems {

    private static final String BODY = "body";

    private JsonProblems() {}

    static Problem of(JsonProcessingException failure) {
        if (failure instanceof UnrecognizedPropertyException unknown) {
            var known = new TreeSet<String>();
            Objects.requireNonNullElse(unknown.getKnownPropertyIds(), new TreeSet<Object>())
                    .forEach(id -> known.add(id.toString()));
            return Problem.invalid(field(unknown), "is not a field of this body; it has " + String.join(", ", known));
        }
        if (failure instanceof MismatchedInputException mismatch && !trailing(mismatch)) {
            return Problem.invalid(field(mismatch), "must be " + kind(mismatch.getTargetType()) + place(failure));
        }
        if (failure instanceof JsonMappingException mapping
                && !mapping.getPath().isEmpty()) {
            return Problem.invalid(field(mapping), "cannot be read" + place(failure) + ": " + reason(failure));
        }
        return Problem.invalid(BODY, "must be one JSON value" + place(failure) + ": " + reason(failure));
    }

    private static boolean trailing(MismatchedInputException mismatch) {
        return mismatch.getOriginalMessage().startsWith("Trailing token");
    }

    /** Returns where it is, as {@code ids[3]}; the body itself when no field was entered. */
    private static String field(JsonMappingException failure) {
        var field = new StringBuilder();
        for (JsonMappingException.Reference step : failure.getPath()) {
            if (step.getFieldName() == null) {
                field.append('[').append(step.getIndex()).append(']');
            } else {
                field.append(field.isEmpty() ? "" : ".").append(step.getFieldName());
            }
        }
        return field.isEmpty() ? BODY : field.toString();
    }

    private static String kind(@Nullable Class<?> type) {
        if (type == null) {
            return "of another type";
        }
        if (type == String.class) {
            return "a string";
        }
        if (type == Long.class || type == Integer.class) {
            return "a whole number";
        }
        return Iterable.class.isAssignableFrom(type) ? "an array" : "a JSON object";
    }

    private static String place(JsonProcessingException failure) {
        JsonLocation at = failure.getLocation();
        return at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
    }

    private static String reason(JsonProcessingException failure) {
        String first =
                failure.getOriginalMessage().lines().findFirst().orElse("").replaceAll(" \\(start marker.*", "");
        return first.length() <= 200 ? first : first.substring(0, 200) + "…";
    }
}
