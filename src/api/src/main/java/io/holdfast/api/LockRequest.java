package io.holdfast.api;

import org.jspecify.annotations.Nullable;

/**
 * One of the locks of a ticket.
 *
 * @param name of the lock; must be given
 * @param mode how it is held; absent for exclusive
 * @param permits how many of a semaphore; absent for 1
 * @param limit permits of the semaphore
 */
public record LockRequest(
        @Nullable String name,
        @Nullable String mode,
        @Nullable Integer permits,
        @Nullable Integer limit) implements Json.Writable {

    /** Reads one. */
    public static LockRequest read(JsonReader in) throws MalformedJsonException {
        String name = null;
        String mode = null;
        Integer permits = null;
        Integer limit = null;
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "name" -> name = in.text();
                case "mode" -> mode = in.text();
                case "permits" -> permits = in.nearestInt();
                case "limit" -> limit = in.nearestInt();
                default -> in.unknown("limit, mode, name, permits");
            }
        }
        return new LockRequest(name, mode, permits, limit);
    }

    @Override
    public void write(JsonWriter out) {
        out.begin()
                .field("name", name)
                .field("mode", mode)
                .field("permits", permits)
                .field("limit", limit)
                .end();
    }
}
