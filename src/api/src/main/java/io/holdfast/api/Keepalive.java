package io.holdfast.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a keepalive: a lease that a quorum confirmed after the request arrived.
 *
 * @param ttlMs the lease runs this long, counted from the moment the client SENT its request
 * @param driftPerMille as in {@link OpenedSession}; absent from older servers
 * @param grants what the session holds and waits for; absent unless asked for
 * @param moreGrants how many of them are left out for want of room; absent when none is
 * @param notices what the session must know
 */
public record Keepalive(
        long ttlMs,
        @Nullable Integer driftPerMille,
        @Nullable List<GrantBody> grants,
        @Nullable Integer moreGrants,
        List<NoticeBody> notices)
        implements Json.Writable {

    /** Reads one. */
    public static Keepalive read(JsonReader in) throws MalformedJsonException {
        Long ttlMs = null;
        Integer driftPerMille = null;
        List<GrantBody> grants = null;
        Integer moreGrants = null;
        List<NoticeBody> notices = null;
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "ttlMs" -> ttlMs = in.count();
                case "driftPerMille" -> driftPerMille = in.smallCount();
                case "grants" -> grants = in.list(GrantBody::read);
                case "moreGrants" -> moreGrants = in.smallCount();
                case "notices" -> notices = in.list(NoticeBody::read);
                default -> in.skip();
            }
        }
        return new Keepalive(
                in.required("ttlMs", ttlMs), driftPerMille, grants, moreGrants, in.required("notices", notices));
    }

    @Override
    public void write(JsonWriter out) {
        out.begin()
                .field("ttlMs", ttlMs)
                .field("driftPerMille", driftPerMille)
                .list("grants", grants)
                .field("moreGrants", moreGrants)
                .list("notices", notices)
                .end();
    }
}
