package io.holdfast.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a stream of an attached session says; which fields are there depends on the event.
 *
 * @param revision of what happened
 * @param session id of the session
 * @param ttlMs with attached and renewed: the lease runs for this and {@code elapsedMs} from the moment the client sent
 *     its request
 * @param elapsedMs with attached and renewed: time since the request arrived
 * @param driftPerMille beside {@code ttlMs}, as in {@link OpenedSession}
 * @param grants with attached: what the session has
 * @param notices with attached: what it must know
 * @param kind what happened to a grant
 * @param lock of that grant
 * @param grant its id
 * @param token its fencing token
 * @param sessionName with granted: name of the session
 * @param metadata with granted: as the ticket has it
 * @param cause why it, or the session, ended
 * @param to as in {@link NoticeBody}
 * @param drainMs as in {@link NoticeBody}
 * @param by as in {@link NoticeBody}
 * @param reason as in {@link NoticeBody}
 * @param afterMs as in {@link NoticeBody}
 */
public record AttachMessage(
        @Nullable String revision,
        @Nullable String session,
        @Nullable Long ttlMs,
        @Nullable Long elapsedMs,
        @Nullable Integer driftPerMille,
        @Nullable List<Grant> grants,
        @Nullable List<NoticeBody> notices,
        @Nullable String kind,
        @Nullable String lock,
        @Nullable String grant,
        @Nullable Long token,
        @Nullable String sessionName,
        @Nullable Metadata metadata,
        @Nullable String cause,
        @Nullable String to,
        @Nullable Long drainMs,
        @Nullable String by,
        @Nullable String reason,
        @Nullable Long afterMs)
        implements Json.Writable {

    /**
     * One of the grants of an attached session, in short.
     *
     * @param id how requests name it
     * @param lock its lock, or the first of several
     * @param state {@code granted} or {@code waiting}
     * @param token fencing token; absent while it waits
     * @param position place in the queue; absent once granted
     */
    public record Grant(
            String id,
            String lock,
            String state,
            @Nullable Long token,
            @Nullable Integer position) implements Json.Writable {

        /** Reads one. */
        public static Grant read(JsonReader in) throws MalformedJsonException {
            String id = null;
            String lock = null;
            String state = null;
            Long token = null;
            Integer position = null;
            in.beginObject();
            while (in.nextField()) {
                switch (in.field()) {
                    case "id" -> id = in.text();
                    case "lock" -> lock = in.text();
                    case "state" -> state = in.text();
                    case "token" -> token = in.token();
                    case "position" -> position = in.smallCount();
                    default -> in.skip();
                }
            }
            return new Grant(
                    in.required("id", id), in.required("lock", lock), in.required("state", state), token, position);
        }

        @Override
        public void write(JsonWriter out) {
            out.begin()
                    .field("id", id)
                    .field("lock", lock)
                    .field("state", state)
                    .field("token", token)
                    .field("position", position)
                    .end();
        }
    }
    /** Reads one. */
    public static AttachMessage read(JsonReader in) throws MalformedJsonException {
        String revision = null;
        String session = null;
        Long ttlMs = null;
        Long elapsedMs = null;
        Integer driftPerMille = null;
        List<Grant> grants = null;
        List<NoticeBody> notices = null;
        String kind = null;
        String lock = null;
        String grant = null;
        Long token = null;
        String sessionName = null;
        Metadata metadata = null;
        String cause = null;
        String to = null;
        Long drainMs = null;
        String by = null;
        String reason = null;
        Long afterMs = null;
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "revision" -> revision = in.text();
                case "session" -> session = in.text();
                case "ttlMs" -> ttlMs = in.count();
                case "elapsedMs" -> elapsedMs = in.count();
                case "driftPerMille" -> driftPerMille = in.smallCount();
                case "grants" -> grants = in.list(Grant::read);
                case "notices" -> notices = in.list(NoticeBody::read);
                case "kind" -> kind = in.text();
                case "lock" -> lock = in.text();
                case "grant" -> grant = in.text();
                case "token" -> token = in.token();
                case "sessionName" -> sessionName = in.text();
                case "metadata" -> metadata = in.metadata();
                case "cause" -> cause = in.text();
                case "to" -> to = in.text();
                case "drainMs" -> drainMs = in.count();
                case "by" -> by = in.text();
                case "reason" -> reason = in.text();
                case "afterMs" -> afterMs = in.count();
                default -> in.skip();
            }
        }
        return new AttachMessage(
                revision,
                session,
                ttlMs,
                elapsedMs,
                driftPerMille,
                grants,
                notices,
                kind,
                lock,
                grant,
                token,
                sessionName,
                metadata,
                cause,
                to,
                drainMs,
                by,
                reason,
                afterMs);
    }

    @Override
    public void write(JsonWriter out) {
        out.begin()
                .field("revision", revision)
                .field("session", session)
                .field("ttlMs", ttlMs)
                .field("elapsedMs", elapsedMs)
                .field("driftPerMille", driftPerMille)
                .list("grants", grants)
                .list("notices", notices)
                .field("kind", kind)
                .field("lock", lock)
                .field("grant", grant)
                .field("token", token)
                .field("sessionName", sessionName)
                .field("metadata", metadata)
                .field("cause", cause)
                .field("to", to)
                .field("drainMs", drainMs)
                .field("by", by)
                .field("reason", reason)
                .field("afterMs", afterMs)
                .end();
    }
}
