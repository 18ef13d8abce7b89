package io.holdfast.lock;

import io.holdfast.lock.acl.NameSet;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lists grants by the locks they are at; see {@link LockTable#presences}. */
final class Presences {

    private Presences() {}

    static Presence.Page page(State state, NameSet names, Presence.@Nullable Mark after, int limit) {
        Presence.Mark from = after == null ? new Presence.Mark("", 0) : after;
        List<Presence> found = new ArrayList<>();
        int looked = 0;
        for (Iterator<Lock> locks = new LockWalk(state.locks, names, from.lock(), true); locks.hasNext(); ) {
            Lock lock = locks.next();
            long above = lock.name.equals(from.lock()) ? from.ticket() : 0;
            int room = limit - found.size();
            List<Presence> here = above == Long.MAX_VALUE ? List.of() : lock.presences(above, room);
            found.addAll(here);
            looked++;
            if (here.size() == room) {
                return new Presence.Page(
                        found, new Presence.Mark(lock.name, here.get(room - 1).ticket()));
            }
            // The lock that a page ends with is looked at twice.
            if (looked > limit) {
                return new Presence.Page(found, new Presence.Mark(lock.name, Long.MAX_VALUE));
            }
        }
        return new Presence.Page(found, null);
    }
}
