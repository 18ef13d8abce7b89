package io.holdfast.server.rest.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.holdfast.lock.lease.Deadlines;
import io.holdfast.server.replica.KeptAlive;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The answers to one keepalive for many sessions.
 *
 * @param sessions one for each id, in the order of the request
 */
public record KeepalivesOfMany(List<Item> sessions) {

    /**
     * What became of one of them.
     *
     * @param id whose lease it is
     * @param state {@code alive}, {@code ended} or {@code unknown}
     * @param ttlMs the lease runs this long from the moment the client SENT its request; 0 unless alive
     * @param driftPerMille as in {@link OpenedSession}
     * @param grants as in {@link Keepalive}; of all sessions together {@link KeptAlive#GRANTS_TOLD} at most
     * @param moreGrants as in {@link Keepalive}
     * @param notices as in {@link Keepalive}
     */
    @Schema(name = "KeepaliveItem")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Item(
            String id,
            String state,
            long ttlMs,
            int driftPerMille,
            @Nullable List<GrantBody> grants,
            @Nullable Integer moreGrants,
            List<NoticeBody> notices) {}

    /**
     * Makes the body.
     *
     * @param grants whether they were asked for
     */
    public static KeepalivesOfMany of(List<KeptAlive> all, boolean grants) {
        return new KeepalivesOfMany(all.stream().map(kept -> item(kept, grants)).toList());
    }

    private static Item item(KeptAlive kept, boolean grants) {
        return new Item(
                kept.session(),
                kept.state().name().toLowerCase(Locale.ROOT),
                kept.ttlMs(),
                Deadlines.DRIFT_PER_MILLE,
                Keepalive.grantsOf(kept, grants),
                Keepalive.moreGrants(kept, grants),
                NoticeBody.of(kept.noticed()));
    }
}
