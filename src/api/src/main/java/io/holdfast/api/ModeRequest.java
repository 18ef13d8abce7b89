package io.holdfast.api;

import org.jspecify.annotations.Nullable;

/**
 * The mode that a grant is to have.
 *
 * @param mode {@code exclusive} or {@code shared}; must be given
 */
public record ModeRequest(@Nullable String mode) implements Json.Writable {

    /** Reads one. */
    public static ModeRequest read(JsonReader in) throws MalformedJsonException {
        String mode = null;
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "mode" -> mode = in.text();
                default -> in.unknown("mode");
            }
        }
        return new ModeRequest(mode);
    }

    @Override
    public void write(JsonWriter out) {
        out.begin().field("mode", mode).end();
    }
}
