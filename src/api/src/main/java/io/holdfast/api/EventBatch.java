package io.holdfast.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of what a stream of events says, as one document.
 *
 * @param events in order
 * @param next what to give as {@code since} for what follows
 */
public record EventBatch(List<Event> events, String next) implements Json.Writable {

    /**
     * One message.
     *
     * @param id where to go on after it; absent when that is not possible from here
     * @param event {@code change}, {@code bookmark}, {@code reset}, {@code sync}, {@code live} or {@code widened}
     * @param data depends on what it is
     */
    public record Event(@Nullable String id, String event, Content data) implements Json.Writable {

        /** Reads one. */
        public static Event read(JsonReader in) throws MalformedJsonException {
            String id = null;
            String event = null;
            Content data = null;
            in.beginObject();
            while (in.nextField()) {
                switch (in.field()) {
                    case "id" -> id = in.text();
                    case "event" -> event = in.text();
                    case "data" -> data = Content.read(in);
                    default -> in.skip();
                }
            }
            return new Event(id, in.required("event", event), in.required("data", data));
        }

        @Override
        public void write(JsonWriter out) {
            out.begin()
                    .field("id", id)
                    .field("event", event)
                    .field("data", data)
                    .end();
        }
    }
    /**
     * What happened, or what is there.
     *
     * @param revision of the transaction, or at which what is there was read
     * @param at wall clock of a node, for people
     * @param changes in the order in which they happened
     * @param since with reset: the revision that history does not reach back to
     * @param reason with reset: why
     * @param ageMs with bookmark: how long ago the node heard of a leader; -1 when it never did
     */
    public record Content(
            @Nullable String revision,
            @Nullable String at,
            @Nullable List<Change> changes,
            @Nullable String since,
            @Nullable String reason,
            @Nullable Long ageMs)
            implements Json.Writable {

        /** Reads one. */
        public static Content read(JsonReader in) throws MalformedJsonException {
            String revision = null;
            String at = null;
            List<Change> changes = null;
            String since = null;
            String reason = null;
            Long ageMs = null;
            in.beginObject();
            while (in.nextField()) {
                switch (in.field()) {
                    case "revision" -> revision = in.text();
                    case "at" -> at = in.text();
                    case "changes" -> changes = in.list(Change::read);
                    case "since" -> since = in.text();
                    case "reason" -> reason = in.text();
                    case "ageMs" -> ageMs = in.integer();
                    default -> in.skip();
                }
            }
            return new Content(revision, at, changes, since, reason, ageMs);
        }

        @Override
        public void write(JsonWriter out) {
            out.begin()
                    .field("revision", revision)
                    .field("at", at)
                    .list("changes", changes)
                    .field("since", since)
                    .field("reason", reason)
                    .field("ageMs", ageMs)
                    .end();
        }
    }
    /**
     * One thing that a transaction changed.
     *
     * @param kind what happened
     * @param lock absent when it is about no lock
     * @param grant absent when it is about no grant
     * @param session absent when it is about no session
     * @param sessionName with granted, from servers that tell it
     * @param token fencing token; absent while the grant has none
     * @param cause why something ended: {@code session-expired} when a session was not kept alive,
     *     {@code confirmed-dead} when its client was confirmed dead, else the release, close or refusal that ended it
     * @param limit with limit-changed: how many permits the semaphore has
     * @param epoch with leader-changed: the epoch that began
     * @param version with member-changed: that of the configuration in force
     * @param members with member-changed: all members from there on
     * @param metadata with granted, from servers that tell it
     */
    public record Change(
            String kind,
            @Nullable String lock,
            @Nullable String grant,
            @Nullable String session,
            @Nullable String sessionName,
            @Nullable Long token,
            @Nullable String cause,
            @Nullable Long limit,
            @Nullable Long epoch,
            @Nullable Long version,
            @Nullable List<ClusterBody.Peer> members,
            @Nullable Metadata metadata)
            implements Json.Writable {

        /** Reads one. */
        public static Change read(JsonReader in) throws MalformedJsonException {
            String kind = null;
            String lock = null;
            String grant = null;
            String session = null;
            String sessionName = null;
            Long token = null;
            String cause = null;
            Long limit = null;
            Long epoch = null;
            Long version = null;
            List<ClusterBody.Peer> members = null;
            Metadata metadata = null;
            in.beginObject();
            while (in.nextField()) {
                switch (in.field()) {
                    case "kind" -> kind = in.text();
                    case "lock" -> lock = in.text();
                    case "grant" -> grant = in.text();
                    case "session" -> session = in.text();
                    case "sessionName" -> sessionName = in.text();
                    case "token" -> token = in.token();
                    case "cause" -> cause = in.text();
                    case "limit" -> limit = in.count();
                    case "epoch" -> epoch = in.count();
                    case "version" -> version = in.count();
                    case "members" -> members = in.list(ClusterBody.Peer::read);
                    case "metadata" -> metadata = in.metadata();
                    default -> in.skip();
                }
            }
            return new Change(
                    in.required("kind", kind),
                    lock,
                    grant,
                    session,
                    sessionName,
                    token,
                    cause,
                    limit,
                    epoch,
                    version,
                    members,
                    metadata);
        }

        @Override
        public void write(JsonWriter out) {
            out.begin()
                    .field("kind", kind)
                    .field("lock", lock)
                    .field("grant", grant)
                    .field("session", session)
                    .field("sessionName", sessionName)
                    .field("token", token)
                    .field("cause", cause)
                    .field("limit", limit)
                    .field("epoch", epoch)
                    .field("version", version)
                    .list("members", members)
                    .field("metadata", metadata)
                    .end();
        }
    }
    /** Reads one. */
    public static EventBatch read(JsonReader in) throws MalformedJsonException {
        List<Event> events = null;
        String next = null;
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "events" -> events = in.list(Event::read);
                case "next" -> next = in.text();
                default -> in.skip();
            }
        }
        return new EventBatch(in.required("events", events), in.required("next", next));
    }

    @Override
    public void write(JsonWriter out) {
        out.begin().list("events", events).field("next", next).end();
    }
}
