package io.holdfast.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A lock with its holders and its queue; a name that nothing uses is a free lock.
 *
 * @param name of the lock
 * @param mode how it is held
 * @param limit permits of a semaphore, else 1
 * @param holders by token; the first of many; empty when free
 * @param used how many hold it, on a semaphore how many permits they have
 * @param waiters in order; the first of many
 * @param waiting how many wait, also those not shown
 * @param promisedTo ids of tickets that are kept this lock although they do not hold it; absent from older servers
 * @param delayMs for how long it is closed since a holder expired; 0 when it is not
 * @param revision the node's revision when it answered
 */
public record LockBody(
        String name,
        String mode,
        int limit,
        List<Holder> holders,
        int used,
        List<Waiter> waiters,
        int waiting,
        @Nullable List<String> promisedTo,
        long delayMs,
        String revision)
        implements Json.Writable {

    /**
     * A grant that holds the lock.
     *
     * @param grant its id
     * @param session id of its session
     * @param sessionName as given when the session was opened
     * @param token fencing token
     * @param mode how it is held
     * @param permits how many of a semaphore
     * @param heldMs how long it has held the lock, by the wall clocks of nodes
     * @param ttlLeftMs time left of its session; absent when the node does not know
     * @param metadata as given; absent in listings that were not asked for it
     * @param owner principal of its session; absent when none is known
     */
    public record Holder(
            String grant,
            String session,
            String sessionName,
            long token,
            String mode,
            @Nullable Integer permits,
            @Nullable Long heldMs,
            @Nullable Long ttlLeftMs,
            @Nullable Metadata metadata,
            @Nullable String owner)
            implements Json.Writable {

        /** Reads one. */
        public static Holder read(JsonReader in) throws MalformedJsonException {
            String grant = null;
            String session = null;
            String sessionName = null;
            Long token = null;
            String mode = null;
            Integer permits = null;
            Long heldMs = null;
            Long ttlLeftMs = null;
            Metadata metadata = null;
            String owner = null;
            in.beginObject();
            while (in.nextField()) {
                switch (in.field()) {
                    case "grant" -> grant = in.text();
                    case "session" -> session = in.text();
                    case "sessionName" -> sessionName = in.text();
                    case "token" -> token = in.token();
                    case "mode" -> mode = in.text();
                    case "permits" -> permits = in.smallCount();
                    case "heldMs" -> heldMs = in.count();
                    case "ttlLeftMs" -> ttlLeftMs = in.count();
                    case "metadata" -> metadata = in.metadata();
                    case "owner" -> owner = in.text();
                    default -> in.skip();
                }
            }
            return new Holder(
                    in.required("grant", grant),
                    in.required("session", session),
                    in.required("sessionName", sessionName),
                    in.required("token", token),
                    in.required("mode", mode),
                    permits,
                    heldMs,
                    ttlLeftMs,
                    metadata,
                    owner);
        }

        @Override
        public void write(JsonWriter out) {
            out.begin()
                    .field("grant", grant)
                    .field("session", session)
                    .field("sessionName", sessionName)
                    .field("token", token)
                    .field("mode", mode)
                    .field("permits", permits)
                    .field("heldMs", heldMs)
                    .field("ttlLeftMs", ttlLeftMs)
                    .field("metadata", metadata)
                    .field("owner", owner)
                    .end();
        }
    }
    /**
     * A ticket in the queue.
     *
     * @param grant its id
     * @param session id of its session
     * @param position in this queue, 1 is next
     * @param mode how it wants the lock
     * @param permits how many of a semaphore
     * @param waitedMs how long it has waited, by the wall clocks of nodes
     * @param metadata as given
     * @param owner as in {@link Holder}
     */
    public record Waiter(
            String grant,
            String session,
            int position,
            String mode,
            @Nullable Integer permits,
            @Nullable Long waitedMs,
            @Nullable Metadata metadata,
            @Nullable String owner)
            implements Json.Writable {

        /** Reads one. */
        public static Waiter read(JsonReader in) throws MalformedJsonException {
            String grant = null;
            String session = null;
            Integer position = null;
            String mode = null;
            Integer permits = null;
            Long waitedMs = null;
            Metadata metadata = null;
            String owner = null;
            in.beginObject();
            while (in.nextField()) {
                switch (in.field()) {
                    case "grant" -> grant = in.text();
                    case "session" -> session = in.text();
                    case "position" -> position = in.smallCount();
                    case "mode" -> mode = in.text();
                    case "permits" -> permits = in.smallCount();
                    case "waitedMs" -> waitedMs = in.count();
                    case "metadata" -> metadata = in.metadata();
                    case "owner" -> owner = in.text();
                    default -> in.skip();
                }
            }
            return new Waiter(
                    in.required("grant", grant),
                    in.required("session", session),
                    in.required("position", position),
                    in.required("mode", mode),
                    permits,
                    waitedMs,
                    metadata,
                    owner);
        }

        @Override
        public void write(JsonWriter out) {
            out.begin()
                    .field("grant", grant)
                    .field("session", session)
                    .field("position", position)
                    .field("mode", mode)
                    .field("permits", permits)
                    .field("waitedMs", waitedMs)
                    .field("metadata", metadata)
                    .field("owner", owner)
                    .end();
        }
    }
    /** Reads one. */
    public static LockBody read(JsonReader in) throws MalformedJsonException {
        String name = null;
        String mode = null;
        Integer limit = null;
        List<Holder> holders = null;
        Integer used = null;
        List<Waiter> waiters = null;
        Integer waiting = null;
        List<String> promisedTo = null;
        Long delayMs = null;
        String revision = null;
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "name" -> name = in.text();
                case "mode" -> mode = in.text();
                case "limit" -> limit = in.smallCount();
                case "holders" -> holders = in.list(Holder::read);
                case "used" -> used = in.smallCount();
                case "waiters" -> waiters = in.list(Waiter::read);
                case "waiting" -> waiting = in.smallCount();
                case "promisedTo" -> promisedTo = in.list(JsonReader::text);
                case "delayMs" -> delayMs = in.count();
                case "revision" -> revision = in.text();
                default -> in.skip();
            }
        }
        return new LockBody(
                in.required("name", name),
                in.required("mode", mode),
                in.required("limit", limit),
                in.required("holders", holders),
                in.required("used", used),
                in.required("waiters", waiters),
                in.required("waiting", waiting),
                promisedTo,
                in.required("delayMs", delayMs),
                in.required("revision", revision));
    }

    @Override
    public void write(JsonWriter out) {
        out.begin()
                .field("name", name)
                .field("mode", mode)
                .field("limit", limit)
                .list("holders", holders)
                .field("used", used)
                .list("waiters", waiters)
                .field("waiting", waiting)
                .texts("promisedTo", promisedTo)
                .field("delayMs", delayMs)
                .field("revision", revision)
                .end();
    }
}
