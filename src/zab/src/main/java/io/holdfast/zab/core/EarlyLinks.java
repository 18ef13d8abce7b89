package io.holdfast.zab.core;

import io.holdfast.zab.core.message.FollowerInfo;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Keeps the links of voters that were done with an election before this server is, with what they said first. */
final class EarlyLinks {

    private final Map<ServerId, Kept> kept = new TreeMap<>();

    /** A link, and what its learner said; null while it has said nothing. */
    record Kept(Link link, @Nullable FollowerInfo info) {}

    /** Keeps a link that was opened; returns the older one of the same server, null when there was none. */
    @Nullable
    Link keep(Link link) {
        Kept older = kept.put(link.peer(), new Kept(link, null));
        return older == null ? null : older.link();
    }

    /** Keeps what a learner said; false when its link is not among these. */
    boolean keep(Link link, FollowerInfo info) {
        return isKept(link) && kept.put(link.peer(), new Kept(link, info)) != null;
    }

    /** A link was disconnected. */
    void ended(Link link) {
        if (isKept(link)) {
            kept.remove(link.peer());
        }
    }

    /** Returns all, ordered by server, and keeps none of them any more. */
    List<Kept> take() {
        List<Kept> all = List.copyOf(kept.values());
        kept.clear();
        return all;
    }

    private boolean isKept(Link link) {
        Kept known = kept.get(link.peer());
        return known != null && known.link().equals(link);
    }
}
