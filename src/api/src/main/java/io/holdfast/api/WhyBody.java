package io.holdfast.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Behind which grants a ticket waits, since when, how long at most, and whether that is a cycle.
 *
 * @param grant the ticket as it is now
 * @param words the same in one sentence
 * @param waitedMs how long it has waited, by the wall clocks of nodes
 * @param waitMs how long it may wait
 * @param waitsAt each of its locks that keeps it waiting; empty once granted
 * @param deadlock whether its session waits, at some distance, for itself
 * @param cycle how, in that case
 * @param deadlockSearch {@code complete}, or {@code not searched} when {@code deadlock} says nothing
 */
public record WhyBody(
        GrantBody grant,
        String words,
        long waitedMs,
        long waitMs,
        List<Line> waitsAt,
        boolean deadlock,
        List<CycleStep> cycle,
        String deadlockSearch)
        implements Json.Writable {

    /**
     * One of the locks.
     *
     * @param lock its name
     * @param position place in its queue, 1 is next
     * @param delayMs for how long it is closed after an expiry; 0 when it is not
     * @param behind holders first, then tickets ahead; the first of many
     */
    public record Line(String lock, int position, long delayMs, List<Other> behind) implements Json.Writable {

        /** Reads one. */
        public static Line read(JsonReader in) throws MalformedJsonException {
            String lock = null;
            Integer position = null;
            Long delayMs = null;
            List<Other> behind = null;
            in.beginObject();
            while (in.nextField()) {
                switch (in.field()) {
                    case "lock" -> lock = in.text();
                    case "position" -> position = in.smallCount();
                    case "delayMs" -> delayMs = in.count();
                    case "behind" -> behind = in.list(Other::read);
                    default -> in.skip();
                }
            }
            return new Line(
                    in.required("lock", lock),
                    in.required("position", position),
                    in.required("delayMs", delayMs),
                    in.required("behind", behind));
        }

        @Override
        public void write(JsonWriter out) {
            out.begin()
                    .field("lock", lock)
                    .field("position", position)
                    .field("delayMs", delayMs)
                    .list("behind", behind)
                    .end();
        }
    }
    /**
     * A grant that the ticket waits behind.
     *
     * @param grant its id
     * @param session id of its session
     * @param sessionName as given when the session was opened
     * @param state {@code granted} or {@code waiting}
     * @param heldMs how long it has held the lock; absent when it waits
     * @param waitedMs how long it waited
     */
    public record Other(
            String grant,
            String session,
            String sessionName,
            String state,
            @Nullable Long heldMs,
            long waitedMs) implements Json.Writable {

        /** Reads one. */
        public static Other read(JsonReader in) throws MalformedJsonException {
            String grant = null;
            String session = null;
            String sessionName = null;
            String state = null;
            Long heldMs = null;
            Long waitedMs = null;
            in.beginObject();
            while (in.nextField()) {
                switch (in.field()) {
                    case "grant" -> grant = in.text();
                    case "session" -> session = in.text();
                    case "sessionName" -> sessionName = in.text();
                    case "state" -> state = in.text();
                    case "heldMs" -> heldMs = in.count();
                    case "waitedMs" -> waitedMs = in.integer();
                    default -> in.skip();
                }
            }
            return new Other(
                    in.required("grant", grant),
                    in.required("session", session),
                    in.required("sessionName", sessionName),
                    in.required("state", state),
                    heldMs,
                    in.required("waitedMs", waitedMs));
        }

        @Override
        public void write(JsonWriter out) {
            out.begin()
                    .field("grant", grant)
                    .field("session", session)
                    .field("sessionName", sessionName)
                    .field("state", state)
                    .field("heldMs", heldMs)
                    .field("waitedMs", waitedMs)
                    .end();
        }
    }
    /** Reads one. */
    public static WhyBody read(JsonReader in) throws MalformedJsonException {
        GrantBody grant = null;
        String words = null;
        Long waitedMs = null;
        Long waitMs = null;
        List<Line> waitsAt = null;
        Boolean deadlock = null;
        List<CycleStep> cycle = null;
        String deadlockSearch = null;
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "grant" -> grant = GrantBody.read(in);
                case "words" -> words = in.text();
                case "waitedMs" -> waitedMs = in.integer();
                case "waitMs" -> waitMs = in.count();
                case "waitsAt" -> waitsAt = in.list(Line::read);
                case "deadlock" -> deadlock = in.bool();
                case "cycle" -> cycle = in.list(CycleStep::read);
                case "deadlockSearch" -> deadlockSearch = in.text();
                default -> in.skip();
            }
        }
        return new WhyBody(
                in.required("grant", grant),
                in.required("words", words),
                in.required("waitedMs", waitedMs),
                in.required("waitMs", waitMs),
                in.required("waitsAt", waitsAt),
                in.required("deadlock", deadlock),
                in.required("cycle", cycle),
                in.required("deadlockSearch", deadlockSearch));
    }

    @Override
    public void write(JsonWriter out) {
        out.begin()
                .field("grant", grant)
                .field("words", words)
                .field("waitedMs", waitedMs)
                .field("waitMs", waitMs)
                .list("waitsAt", waitsAt)
                .field("deadlock", deadlock)
                .list("cycle", cycle)
                .field("deadlockSearch", deadlockSearch)
                .end();
    }
}
