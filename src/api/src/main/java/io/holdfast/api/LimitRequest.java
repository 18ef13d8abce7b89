package io.holdfast.api;

/**
 * How many permits a semaphore in use is to have.
 *
 * @param limit 1 to 10000
 */
public record LimitRequest(int limit) implements Json.Writable {

    /** Reads one. */
    public static LimitRequest read(JsonReader in) throws MalformedJsonException {
        Integer limit = null;
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "limit" -> limit = in.smallCount();
                default -> in.skip();
            }
        }
        return new LimitRequest(in.required("limit", limit));
    }

    @Override
    public void write(JsonWriter out) {
        out.begin().field("limit", limit).end();
    }
}
