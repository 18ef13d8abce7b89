package io.holdfast.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which session wants which lock or locks, and how long the ticket may wait in the queue.
 *
 * @param session id of the session; must be given
 * @param lock name of the lock; absent when there are several
 * @param mode how it is held; absent for exclusive
 * @param permits how many of a semaphore; absent for 1
 * @param limit permits of the semaphore
 * @param locks several instead of the one, 64 at most
 * @param waitFor how long the ticket may wait, as {@link Durations} writes it; absent or zero tries once
 * @param metadata any JSON object
 */
public record GrantRequest(
        @Nullable String session,
        @Nullable String lock,
        @Nullable String mode,
        @Nullable Integer permits,
        @Nullable Integer limit,
        @Nullable List<LockRequest> locks,
        @Nullable String waitFor,
        @Nullable Metadata metadata)
        implements Json.Writable {

    /** Reads one. */
    public static GrantRequest read(JsonReader in) throws MalformedJsonException {
        String session = null;
        String lock = null;
        String mode = null;
        Integer permits = null;
        Integer limit = null;
        List<LockRequest> locks = null;
        String waitFor = null;
        Metadata metadata = null;
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "session" -> session = in.text();
                case "lock" -> lock = in.text();
                case "mode" -> mode = in.text();
                case "permits" -> permits = in.nearestInt();
                case "limit" -> limit = in.nearestInt();
                case "locks" -> locks = in.list(LockRequest::read);
                case "wait" -> waitFor = in.text();
                case "metadata" -> metadata = in.metadata();
                default -> in.unknown("limit, lock, locks, metadata, mode, permits, session, wait");
            }
        }
        return new GrantRequest(session, lock, mode, permits, limit, locks, waitFor, metadata);
    }

    @Override
    public void write(JsonWriter out) {
        out.begin()
                .field("session", session)
                .field("lock", lock)
                .field("mode", mode)
                .field("permits", permits)
                .field("limit", limit)
                .list("locks", locks)
                .field("wait", waitFor)
                .field("metadata", metadata)
                .end();
    }
}
