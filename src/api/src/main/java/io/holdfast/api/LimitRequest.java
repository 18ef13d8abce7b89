package io.holdfast.api;

import org.jspecify.annotations.Nullable;

/**
 * How many permits a semaphore in use is to have.
 *
 * @param limit 1 to 10000; must be given
 */
public record LimitRequest(@Nullable Integer limit) implements Json.Writable {

    /** Reads one. */
    public static LimitRequest read(JsonReader in) throws MalformedJsonException {
        Integer limit = null;
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "limit" -> limit = in.nearestInt();
                default -> in.unknown("limit");
            }
        }
        return new LimitRequest(limit);
    }

    @Override
    public void write(JsonWriter out) {
        out.begin().field("limit", limit).end();
    }
}
