package io.holdfast.server.rest.body;

import io.holdfast.api.GrantBody;
import io.holdfast.api.Keepalive;
import io.holdfast.api.KeepaliveItem;
import io.holdfast.api.KeepalivesOfMany;
import io.holdfast.api.NoticeBody;
import io.holdfast.lock.Breaking;
import io.holdfast.lock.Yield;
import io.holdfast.lock.lease.Deadlines;
import io.holdfast.server.replica.GrantView;
import io.holdfast.server.replica.KeptAlive;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Leases that were extended, as the API tells it. */
public final class KeepaliveBodies {

    private KeepaliveBodies() {}

    /**
     * Returns the answer to a keepalive.
     *
     * @param grants whether they were asked for
     */
    public static Keepalive of(KeptAlive kept, boolean grants) {
        return new Keepalive(
                kept.ttlMs(), Deadlines.DRIFT_PER_MILLE, grants(kept, grants), more(kept, grants), notices(kept));
    }

    /**
     * Returns the answers to one keepalive for many.
     *
     * @param grants whether they were asked for
     */
    public static KeepalivesOfMany of(List<KeptAlive> all, boolean grants) {
        return new KeepalivesOfMany(all.stream().map(kept -> item(kept, grants)).toList());
    }

    private static KeepaliveItem item(KeptAlive kept, boolean grants) {
        String state = switch (kept.state()) {
            case ALIVE -> KeepaliveItem.ALIVE;
            case ENDED -> KeepaliveItem.ENDED;
            case NOT_YOURS -> KeepaliveItem.NOT_YOURS;
            case UNKNOWN -> KeepaliveItem.UNKNOWN;
        };
        return new KeepaliveItem(
                kept.session(),
                state,
                kept.ttlMs(),
                Deadlines.DRIFT_PER_MILLE,
                grants(kept, grants),
                more(kept, grants),
                notices(kept));
    }

    private static @Nullable List<GrantBody> grants(KeptAlive kept, boolean grants) {
        return grants ? GrantBodies.of(kept.grants()) : null;
    }

    private static @Nullable Integer more(KeptAlive kept, boolean grants) {
        return grants && kept.more() > 0 ? kept.more() : null;
    }

    private static List<NoticeBody> notices(KeptAlive kept) {
        List<NoticeBody> notices = new ArrayList<>();
        for (GrantView grant : kept.noticed()) {
            Yield yield = grant.yield();
            if (yield != null) {
                notices.add(new NoticeBody(
                        NoticeBody.YIELD_REQUESTED, grant.id(), yield.to(), yield.drainMillis(), null, null, null));
            }
            Breaking breaking = grant.breaking();
            if (breaking != null) {
                notices.add(new NoticeBody(
                        NoticeBody.BREAK_ANNOUNCED,
                        grant.id(),
                        null,
                        null,
                        breaking.by(),
                        breaking.reason(),
                        breaking.afterMillis()));
            }
        }
        return notices;
    }
}
