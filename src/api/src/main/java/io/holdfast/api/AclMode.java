package io.holdfast.api;

import org.jspecify.annotations.Nullable;

/**
 * What becomes of a request that no rule allows.
 *
 * @param mode {@code open}, {@code observe} or {@code enforce}
 */
public record AclMode(@Nullable String mode) implements Json.Writable {

    /** Reads one. */
    public static AclMode read(JsonReader in) throws MalformedJsonException {
        String mode = null;
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "mode" -> mode = in.text();
                default -> in.unknown("mode");
            }
        }
        return new AclMode(mode);
    }

    @Override
    public void write(JsonWriter out) {
        out.begin().field("mode", mode).end();
    }
}
