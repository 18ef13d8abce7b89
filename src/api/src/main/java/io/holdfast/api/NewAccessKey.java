package io.holdfast.api;

import org.jspecify.annotations.Nullable;

/**
 * An access key that is to be made.
 *
 * @param name of the principal that it proves, behind {@code key:}
 * @param expires how long it is good for; 90 days when absent
 */
public record NewAccessKey(@Nullable String name, @Nullable String expires) implements Json.Writable {

    /** Reads one. */
    public static NewAccessKey read(JsonReader in) throws MalformedJsonException {
        String name = null;
        String expires = null;
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "name" -> name = in.text();
                case "expires" -> expires = in.text();
                default -> in.unknown("expires, name");
            }
        }
        return new NewAccessKey(name, expires);
    }

    @Override
    public void write(JsonWriter out) {
        out.begin().field("name", name).field("expires", expires).end();
    }
}
