package io.holdfast.api;

import org.jspecify.annotations.Nullable;

/**
 * An access key.
 *
 * @param id its public part
 * @param name of the principal that it proves
 * @param created when it was made
 * @param expires from when on it proves nothing
 * @param key the key itself, only when it is made
 */
public record AccessKeyBody(
        String id,
        String name,
        String created,
        String expires,
        @Nullable String key) implements Json.Writable {

    /** Reads one. */
    public static AccessKeyBody read(JsonReader in) throws MalformedJsonException {
        String id = null;
        String name = null;
        String created = null;
        String expires = null;
        String key = null;
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "id" -> id = in.text();
                case "name" -> name = in.text();
                case "created" -> created = in.text();
                case "expires" -> expires = in.text();
                case "key" -> key = in.text();
                default -> in.skip();
            }
        }
        return new AccessKeyBody(
                in.required("id", id),
                in.required("name", name),
                in.required("created", created),
                in.required("expires", expires),
                key);
    }

    @Override
    public void write(JsonWriter out) {
        out.begin()
                .field("id", id)
                .field("name", name)
                .field("created", created)
                .field("expires", expires)
                .field("key", key)
                .end();
    }
}
