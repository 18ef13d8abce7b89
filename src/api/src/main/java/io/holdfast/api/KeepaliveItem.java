package io.holdfast.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of one session of a keepalive for many.
 *
 * @param id of the session
 * @param state {@link #ALIVE}, {@link #ENDED}, {@link #NOT_YOURS} or {@link #UNKNOWN}
 * @param ttlMs the lease runs this long from the moment the client SENT its request; 0 unless alive
 * @param driftPerMille as in {@link OpenedSession}; absent from older servers
 * @param grants as in {@link Keepalive}
 * @param moreGrants as in {@link Keepalive}
 * @param notices as in {@link Keepalive}
 */
public record KeepaliveItem(
        String id,
        String state,
        long ttlMs,
        @Nullable Integer driftPerMille,
        @Nullable List<GrantBody> grants,
        @Nullable Integer moreGrants,
        List<NoticeBody> notices)
        implements Json.Writable {

    /** State of a session whose lease was extended. */
    public static final String ALIVE = "alive";

    /** State of a session that expired or was closed. */
    public static final String ENDED = "ended";

    /** State of a session of another principal, whose lease was not extended. */
    public static final String NOT_YOURS = "not-yours";

    /** State of a session that was never heard of. */
    public static final String UNKNOWN = "unknown";

    /** Reads one. */
    public static KeepaliveItem read(JsonReader in) throws MalformedJsonException {
        String id = null;
        String state = null;
        Long ttlMs = null;
        Integer driftPerMille = null;
        List<GrantBody> grants = null;
        Integer moreGrants = null;
        List<NoticeBody> notices = null;
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "id" -> id = in.text();
                case "state" -> state = in.text();
                case "ttlMs" -> ttlMs = in.count();
                case "driftPerMille" -> driftPerMille = in.smallCount();
                case "grants" -> grants = in.list(GrantBody::read);
                case "moreGrants" -> moreGrants = in.smallCount();
                case "notices" -> notices = in.list(NoticeBody::read);
                default -> in.skip();
            }
        }
        return new KeepaliveItem(
                in.required("id", id),
                in.required("state", state),
                in.required("ttlMs", ttlMs),
                driftPerMille,
                grants,
                moreGrants,
                in.required("notices", notices));
    }

    @Override
    public void write(JsonWriter out) {
        out.begin()
                .field("id", id)
                .field("state", state)
                .field("ttlMs", ttlMs)
                .field("driftPerMille", driftPerMille)
                .list("grants", grants)
                .field("moreGrants", moreGrants)
                .list("notices", notices)
                .end();
    }
}
