package io.holdfast.api;

/**
 * The mode that a grant is to have.
 *
 * @param mode {@code exclusive} or {@code shared}
 */
public record ModeRequest(String mode) implements Json.Writable {

    /** Reads one. */
    public static ModeRequest read(JsonReader in) throws MalformedJsonException {
        String mode = null;
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "mode" -> mode = in.text();
                default -> in.skip();
            }
        }
        return new ModeRequest(in.required("mode", mode));
    }

    @Override
    public void write(JsonWriter out) {
        out.begin().field("mode", mode).end();
    }
}
