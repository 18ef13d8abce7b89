package io.holdfast.api;

import org.jspecify.annotations.Nullable;

/**
 * A session that was opened, and the bounds its ttl was brought within.
 *
 * @param id how requests name it
 * @param ttlMs how long it lives without keepalive
 * @param ttlMinMs least ttl that the service gives
 * @param ttlMaxMs greatest ttl that the service gives
 * @param driftPerMille by how much the clocks of client and leader may differ in speed, in parts of a thousand; absent
 *     from older servers
 * @param name as given
 */
public record OpenedSession(
        String id,
        long ttlMs,
        long ttlMinMs,
        long ttlMaxMs,
        @Nullable Integer driftPerMille,
        String name) implements Json.Writable {

    /** Reads one. */
    public static OpenedSession read(JsonReader in) throws MalformedJsonException {
        String id = null;
        Long ttlMs = null;
        Long ttlMinMs = null;
        Long ttlMaxMs = null;
        Integer driftPerMille = null;
        String name = null;
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "id" -> id = in.text();
                case "ttlMs" -> ttlMs = in.count();
                case "ttlMinMs" -> ttlMinMs = in.count();
                case "ttlMaxMs" -> ttlMaxMs = in.count();
                case "driftPerMille" -> driftPerMille = in.smallCount();
                case "name" -> name = in.text();
                default -> in.skip();
            }
        }
        return new OpenedSession(
                in.required("id", id),
                in.required("ttlMs", ttlMs),
                in.required("ttlMinMs", ttlMinMs),
                in.required("ttlMaxMs", ttlMaxMs),
                driftPerMille,
                in.required("name", name));
    }

    @Override
    public void write(JsonWriter out) {
        out.begin()
                .field("id", id)
                .field("ttlMs", ttlMs)
                .field("ttlMinMs", ttlMinMs)
                .field("ttlMaxMs", ttlMaxMs)
                .field("driftPerMille", driftPerMille)
                .field("name", name)
                .end();
    }
}
