package io.holdfast.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A ticket: waiting in the queue, or granted with a fencing token.
 *
 * @param id how requests name it
 * @param lock name of the lock; absent when it is for several
 * @param mode how it is held; absent for several locks
 * @param permits how many of a semaphore; absent for other modes
 * @param limit permits of the semaphore; absent for other modes
 * @param locks its locks by name when it is for several
 * @param state {@link #GRANTED} or {@link #WAITING}
 * @param token fencing token; absent while it waits
 * @param session id of its session
 * @param position place in the longest queue that it waits in, 1 is next; absent once granted
 * @param behind id of the ticket directly before it there
 * @param waitMs how long it may wait, as given
 * @param waitedMs how long it waited so far, or until it was granted; absent when the node does not know
 * @param ttlMs ttl of its private session; absent when it has none
 * @param elapsedMs with {@code ttlMs}: the lease runs for both together from the moment the client sent its request
 * @param driftPerMille beside {@code ttlMs}, as in {@link OpenedSession}; absent from older servers
 * @param metadata as given; absent from answers that were not asked for it
 */
public record GrantBody(
        String id,
        @Nullable String lock,
        @Nullable String mode,
        @Nullable Integer permits,
        @Nullable Integer limit,
        @Nullable List<HeldLock> locks,
        String state,
        @Nullable Long token,
        String session,
        @Nullable Integer position,
        @Nullable String behind,
        long waitMs,
        @Nullable Long waitedMs,
        @Nullable Long ttlMs,
        @Nullable Long elapsedMs,
        @Nullable Integer driftPerMille,
        @Nullable Metadata metadata)
        implements Json.Writable {

    /**
     * One of several locks.
     *
     * @param name of the lock
     * @param mode how it is held
     * @param permits how many of a semaphore; absent for other modes
     * @param limit permits of the semaphore; absent for other modes
     */
    public record HeldLock(
            String name,
            String mode,
            @Nullable Integer permits,
            @Nullable Integer limit) implements Json.Writable {

        /** Reads one. */
        public static HeldLock read(JsonReader in) throws MalformedJsonException {
            String name = null;
            String mode = null;
            Integer permits = null;
            Integer limit = null;
            in.beginObject();
            while (in.nextField()) {
                switch (in.field()) {
                    case "name" -> name = in.text();
                    case "mode" -> mode = in.text();
                    case "permits" -> permits = in.smallCount();
                    case "limit" -> limit = in.smallCount();
                    default -> in.skip();
                }
            }
            return new HeldLock(in.required("name", name), in.required("mode", mode), permits, limit);
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

    /** State of a grant that holds its locks. */
    public static final String GRANTED = "granted";

    /** State of a ticket in the queue. */
    public static final String WAITING = "waiting";

    /** Whether it holds its locks. */
    public boolean isGranted() {
        return state.equals(GRANTED);
    }

    /** Reads one. */
    public static GrantBody read(JsonReader in) throws MalformedJsonException {
        String id = null;
        String lock = null;
        String mode = null;
        Integer permits = null;
        Integer limit = null;
        List<HeldLock> locks = null;
        String state = null;
        Long token = null;
        String session = null;
        Integer position = null;
        String behind = null;
        Long waitMs = null;
        Long waitedMs = null;
        Long ttlMs = null;
        Long elapsedMs = null;
        Integer driftPerMille = null;
        Metadata metadata = null;
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "id" -> id = in.text();
                case "lock" -> lock = in.text();
                case "mode" -> mode = in.text();
                case "permits" -> permits = in.smallCount();
                case "limit" -> limit = in.smallCount();
                case "locks" -> locks = in.list(HeldLock::read);
                case "state" -> state = in.text();
                case "token" -> token = in.token();
                case "session" -> session = in.text();
                case "position" -> position = in.smallCount();
                case "behind" -> behind = in.text();
                case "waitMs" -> waitMs = in.count();
                case "waitedMs" -> waitedMs = in.count();
                case "ttlMs" -> ttlMs = in.count();
                case "elapsedMs" -> elapsedMs = in.count();
                case "driftPerMille" -> driftPerMille = in.smallCount();
                case "metadata" -> metadata = in.metadata();
                default -> in.skip();
            }
        }
        return new GrantBody(
                in.required("id", id),
                lock,
                mode,
                permits,
                limit,
                locks,
                in.required("state", state),
                token,
                in.required("session", session),
                position,
                behind,
                in.required("waitMs", waitMs),
                waitedMs,
                ttlMs,
                elapsedMs,
                driftPerMille,
                metadata);
    }

    @Override
    public void write(JsonWriter out) {
        out.begin()
                .field("id", id)
                .field("lock", lock)
                .field("mode", mode)
                .field("permits", permits)
                .field("limit", limit)
                .list("locks", locks)
                .field("state", state)
                .field("token", token)
                .field("session", session)
                .field("position", position)
                .field("behind", behind)
                .field("waitMs", waitMs)
                .field("waitedMs", waitedMs)
                .field("ttlMs", ttlMs)
                .field("elapsedMs", elapsedMs)
                .field("driftPerMille", driftPerMille)
                .field("metadata", metadata)
                .end();
    }
}
