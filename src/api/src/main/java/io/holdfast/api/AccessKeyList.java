package io.holdfast.api;

import java.util.List;

/**
 * The access keys.
 *
 * @param keys in the order of their ids
 */
public record AccessKeyList(List<AccessKeyBody> keys) implements Json.Writable {

    /** Reads one. */
    public static AccessKeyList read(JsonReader in) throws MalformedJsonException {
        List<AccessKeyBody> keys = null;
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "keys" -> keys = in.list(AccessKeyBody::read);
                default -> in.skip();
            }
        }
        return new AccessKeyList(in.required("keys", keys));
    }

    @Override
    public void write(JsonWriter out) {
        out.begin().list("keys", keys).end();
    }
}
