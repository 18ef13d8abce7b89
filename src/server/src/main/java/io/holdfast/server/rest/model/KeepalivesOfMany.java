package io.holdfast.server.rest.model;

import io.holdfast.server.replica.KeptAlive;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

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
     * @param grants what the session holds and waits for
     * @param notices as in {@link Keepalive}
     */
    @Schema(name = "KeepaliveItem")
    public record Item(String id, String state, long ttlMs, List<GrantBody> grants, List<NoticeBody> notices) {}

    public static KeepalivesOfMany of(List<KeptAlive> all) {
        return new KeepalivesOfMany(all.stream().map(KeepalivesOfMany::item).toList());
    }

    private static Item item(KeptAlive kept) {
        return new Item(
                kept.session(),
                kept.state().name().toLowerCase(Locale.ROOT),
                kept.ttlMs(),
                kept.grants().stream().map(GrantBody::of).toList(),
                NoticeBody.of(kept.grants()));
    }
}
