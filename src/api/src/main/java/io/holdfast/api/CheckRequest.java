package io.holdfast.api;

/**
 * The fencing token in question.
 *
 * @param token as the grant gave it
 */
public record CheckRequest(long token) implements Json.Writable {

    /** Reads one. */
    public static CheckRequest read(JsonReader in) throws MalformedJsonException {
        Long token = null;
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "token" -> token = in.token();
                default -> in.skip();
            }
        }
        return new CheckRequest(in.required("token", token));
    }

    @Override
    public void write(JsonWriter out) {
        out.begin().field("token", token).end();
    }
}
