package io.holdfast.api;

import org.jspecify.annotations.Nullable;

/**
 * The fencing token in question.
 *
 * @param token as the grant gave it; must be given
 */
public record CheckRequest(@Nullable Long token) implements Json.Writable {

    /** Reads one. */
    public static CheckRequest read(JsonReader in) throws MalformedJsonException {
        Long token = null;
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "token" -> token = in.integer();
                default -> in.unknown("token");
            }
        }
        return new CheckRequest(token);
    }

    @Override
    public void write(JsonWriter out) {
        out.begin().field("token", token).end();
    }
}
