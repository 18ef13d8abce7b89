package io.holdfast.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An RFC 9457 problem; which fields are there beyond the first five depends on the type.
 *
 * @param type URI of its type
 * @param title what all problems of the type have in common, for people
 * @param status the HTTP status
 * @param detail what happened here and what to do next, for people
 * @param instance path of the request
 * @param violations with invalid-request
 * @param lock the lock in the way
 * @param holders the grants that hold it
 * @param waiting how many tickets wait for it
 * @param delayMs with lock-delayed: for how long it is closed
 * @param cycle with deadlock
 * @param grant with outcome-unknown: id of the ticket
 * @param members with not-a-member and not-here: others to ask
 * @param verb with forbidden: what is not allowed
 * @param quota with quota-exceeded: which
 * @param limit with quota-exceeded: its bound
 * @param incident with internal-error: what the server logged it under
 */
public record Problem(
        String type,
        @Nullable String title,
        @Nullable Integer status,
        @Nullable String detail,
        @Nullable String instance,
        @Nullable List<Violation> violations,
        @Nullable String lock,
        @Nullable List<Holder> holders,
        @Nullable Integer waiting,
        @Nullable Long delayMs,
        @Nullable List<CycleStep> cycle,
        @Nullable String grant,
        @Nullable List<ClusterBody.Peer> members,
        @Nullable String verb,
        @Nullable String quota,
        @Nullable Long limit,
        @Nullable String incident)
        implements Json.Writable {

    /**
     * One field of a request that is wrong.
     *
     * @param field its name
     * @param message what is wrong with it
     */
    public record Violation(String field, String message) implements Json.Writable {

        /** Reads one. */
        public static Violation read(JsonReader in) throws MalformedJsonException {
            String field = null;
            String message = null;
            in.beginObject();
            while (in.nextField()) {
                switch (in.field()) {
                    case "field" -> field = in.text();
                    case "message" -> message = in.text();
                    default -> in.skip();
                }
            }
            return new Violation(in.required("field", field), in.required("message", message));
        }

        @Override
        public void write(JsonWriter out) {
            out.begin().field("field", field).field("message", message).end();
        }
    }
    /**
     * A grant in the way.
     *
     * @param grant its id
     * @param session id of its session
     * @param sessionName as given when the session was opened
     * @param token fencing token
     * @param mode how it holds the lock
     * @param permits how many of a semaphore
     * @param heldMs how long it has held the lock
     * @param ttlLeftMs time left of its session
     * @param metadata as given
     * @param owner principal of its session; absent when none is known
     */
    public record Holder(
            String grant,
            String session,
            @Nullable String sessionName,
            long token,
            @Nullable String mode,
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
                    sessionName,
                    in.required("token", token),
                    mode,
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

    /** Media type of every problem. */
    public static final String MEDIA_TYPE = "application/problem+json";

    /** Begin of every type. */
    public static final String URN = "urn:holdfast:problem:";

    /** Begins a problem of a type that this release knows. */
    public static Draft of(ProblemType type, String detail) {
        return new Draft(type, detail);
    }

    /** A problem in the making; what is not given stays absent. Used by one thread. */
    public static final class Draft {

        private final ProblemType type;
        private final String detail;
        private @Nullable List<Violation> violations;
        private @Nullable String lock;
        private @Nullable List<Holder> holders;
        private @Nullable Integer waiting;
        private @Nullable Long delayMs;
        private @Nullable List<CycleStep> cycle;
        private @Nullable String grant;
        private @Nullable List<ClusterBody.Peer> members;
        private @Nullable String verb;
        private @Nullable String quota;
        private @Nullable Long limit;
        private @Nullable String incident;

        private Draft(ProblemType type, String detail) {
            this.type = type;
            this.detail = detail;
        }

        /** With invalid-request. */
        public Draft violations(List<Violation> wrong) {
            violations = List.copyOf(wrong);
            return this;
        }

        /** The lock in the way, with the grants that hold it, and how many tickets wait for it. */
        public Draft held(String name, List<Holder> by, int tickets) {
            lock = name;
            holders = List.copyOf(by);
            waiting = tickets;
            return this;
        }

        /** The lock that is closed, and for how many milliseconds. */
        public Draft closed(String name, long millis) {
            lock = name;
            delayMs = millis;
            return this;
        }

        /** With deadlock. */
        public Draft cycle(List<CycleStep> steps) {
            cycle = List.copyOf(steps);
            return this;
        }

        /** With outcome-unknown: id of the ticket. */
        public Draft grant(String id) {
            grant = id;
            return this;
        }

        /** With not-a-member: others to ask. */
        public Draft members(List<ClusterBody.Peer> others) {
            members = List.copyOf(others);
            return this;
        }

        /** With forbidden: what is not allowed, and for which lock; null for what is about none. */
        public Draft right(String missing, @Nullable String of) {
            verb = missing;
            lock = of;
            return this;
        }

        /** With quota-exceeded: the quota and its bound. */
        public Draft quota(String name, long bound) {
            quota = name;
            limit = bound;
            return this;
        }

        /** With internal-error: what the server logged it under. */
        public Draft incident(String id) {
            incident = id;
            return this;
        }

        /**
         * Returns the problem.
         *
         * @param instance path of the request
         */
        public Problem build(String instance) {
            return new Problem(
                    type.urn(),
                    type.title(),
                    type.status(),
                    detail,
                    instance,
                    violations,
                    lock,
                    holders,
                    waiting,
                    delayMs,
                    cycle,
                    grant,
                    members,
                    verb,
                    quota,
                    limit,
                    incident);
        }
    }

    /** Returns the last part of the type, by which programs decide; all of it when it is none of this API. */
    public String slug() {
        return type.startsWith(URN) ? type.substring(URN.length()) : type;
    }

    /** Reads one. */
    public static Problem read(JsonReader in) throws MalformedJsonException {
        String type = null;
        String title = null;
        Integer status = null;
        String detail = null;
        String instance = null;
        List<Violation> violations = null;
        String lock = null;
        List<Holder> holders = null;
        Integer waiting = null;
        Long delayMs = null;
        List<CycleStep> cycle = null;
        String grant = null;
        List<ClusterBody.Peer> members = null;
        String verb = null;
        String quota = null;
        Long limit = null;
        String incident = null;
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "type" -> type = in.text();
                case "title" -> title = in.text();
                case "status" -> status = in.smallCount();
                case "detail" -> detail = in.text();
                case "instance" -> instance = in.text();
                case "violations" -> violations = in.list(Violation::read);
                case "lock" -> lock = in.text();
                case "holders" -> holders = in.list(Holder::read);
                case "waiting" -> waiting = in.smallCount();
                case "delayMs" -> delayMs = in.count();
                case "cycle" -> cycle = in.list(CycleStep::read);
                case "grant" -> grant = in.text();
                case "members" -> members = in.list(ClusterBody.Peer::read);
                case "verb" -> verb = in.text();
                case "quota" -> quota = in.text();
                case "limit" -> limit = in.count();
                case "incident" -> incident = in.text();
                default -> in.skip();
            }
        }
        return new Problem(
                in.required("type", type),
                title,
                status,
                detail,
                instance,
                violations,
                lock,
                holders,
                waiting,
                delayMs,
                cycle,
                grant,
                members,
                verb,
                quota,
                limit,
                incident);
    }

    @Override
    public void write(JsonWriter out) {
        out.begin()
                .field("type", type)
                .field("title", title)
                .field("status", status)
                .field("detail", detail)
                .field("instance", instance)
                .list("violations", violations)
                .field("lock", lock)
                .list("holders", holders)
                .field("waiting", waiting)
                .field("delayMs", delayMs)
                .list("cycle", cycle)
                .field("grant", grant)
                .list("members", members)
                .field("verb", verb)
                .field("quota", quota)
                .field("limit", limit)
                .field("incident", incident)
                .end();
    }
}
