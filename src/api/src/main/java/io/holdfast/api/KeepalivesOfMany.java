package io.holdfast.api;

import java.util.List;

/**
 * The answers to one keepalive for many sessions.
 *
 * @param sessions one for each id, in the order of the request
 */
public record KeepalivesOfMany(List<KeepaliveItem> sessions) implements Json.Writable {

    /** Reads one. */
    public static KeepalivesOfMany read(JsonReader in) throws MalformedJsonException {
        List<KeepaliveItem> sessions = null;
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "sessions" -> sessions = in.list(KeepaliveItem::read);
                default -> in.skip();
            }
        }
        return new KeepalivesOfMany(in.required("sessions", sessions));
    }

    @Override
    public void write(JsonWriter out) {
        out.begin().list("sessions", sessions).end();
    }
}
