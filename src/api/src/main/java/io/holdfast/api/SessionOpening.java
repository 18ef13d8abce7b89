package io.holdfast.api;

import org.jspecify.annotations.Nullable;

/**
 * What a new session is to be; every field may be left out.
 *
 * @param ttl how long it lives without keepalive, as {@link Durations} writes it; brought to the nearer bound of the
 *     service
 * @param name for people, and for listings by prefix; 512 characters at most
 * @param metadata any JSON object
 * @param lockDelay how long its locks stay closed after it expired; 60 s at most
 */
public record SessionOpening(
        @Nullable String ttl,
        @Nullable String name,
        @Nullable Metadata metadata,
        @Nullable String lockDelay) implements Json.Writable {

    /** Reads one. */
    public static SessionOpening read(JsonReader in) throws MalformedJsonException {
        String ttl = null;
        String name = null;
        Metadata metadata = null;
        String lockDelay = null;
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "ttl" -> ttl = in.text();
                case "name" -> name = in.text();
                case "metadata" -> metadata = in.metadata();
                case "lockDelay" -> lockDelay = in.text();
                default -> in.unknown("lockDelay, metadata, name, ttl");
            }
        }
        return new SessionOpening(ttl, name, metadata, lockDelay);
    }

    @Override
    public void write(JsonWriter out) {
        out.begin()
                .field("ttl", ttl)
                .field("name", name)
                .field("metadata", metadata)
                .field("lockDelay", lockDelay)
                .end();
    }
}
