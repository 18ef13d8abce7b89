package io.holdfast.lock;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A piece of a listing of sessions.
 *
 * @param sessions in the order of ids; maybe fewer than were asked for
 * @param nextAfter after which id the next page begins; 0 when this is the last one
 */
public record SessionPage(List<SessionView> sessions, long nextAfter) {

    /**
     * A page that ends among sessions of others ends with the last of so many revisions, and not with such a session.
     */
    private static final long ROUNDING = 0x3FF;

    /** Copies the list. */
    public SessionPage {
        sessions = List.copyOf(sessions);
    }

    static SessionPage of(Collection<Session> sessions, String namePrefix, String owner, int limit) {
        List<SessionView> views = new ArrayList<>();
        long end = Long.MAX_VALUE;
        int looks = 0;
        for (Session session : sessions) {
            if (session.id > end) {
                return new SessionPage(views, end);
            }
            boolean isOwn = owner.isEmpty() || session.owner.isEmpty() || session.owner.equals(owner);
            if (isOwn && session.ending == null && session.name.startsWith(namePrefix)) {
                views.add(session.view());
            }
            if (views.size() == limit) {
                return new SessionPage(views, session.id);
            }
            if (++looks == Limits.LOOKS_PER_PAGE) {
                end = owner.isEmpty() ? session.id : session.id | ROUNDING;
            }
        }
        return new SessionPage(views, 0);
    }
}
