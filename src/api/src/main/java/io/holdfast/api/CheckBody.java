package io.holdfast.api;

import org.jspecify.annotations.Nullable;

/**
 * Whether a fencing token is that of a present holder; linearizable.
 *
 * @param valid whether it is
 * @param current token of the present holder; absent when the lock is free
 */
public record CheckBody(boolean valid, @Nullable Long current) implements Json.Writable {

    /** Reads one. */
    public static CheckBody read(JsonReader in) throws MalformedJsonException {
        Boolean valid = null;
        Long current = null;
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "valid" -> valid = in.bool();
                case "current" -> current = in.token();
                default -> in.skip();
            }
        }
        return new CheckBody(in.required("valid", valid), current);
    }

    @Override
    public void write(JsonWriter out) {
        out.begin().field("valid", valid).field("current", current).end();
    }
}
