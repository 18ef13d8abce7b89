package io.holdfast.lock;

import java.util.List;

/**
 * A piece of a listing of sessions.
 *
 * @param sessions in the order of ids; maybe fewer than were asked for
 * @param nextAfter after which id the next page begins; 0 when this is the last one
 */
public record SessionPage(List<SessionView> sessions, long nextAfter) {

    /** Copies the list. */
    public SessionPage {
        sessions = List.copyOf(sessions);
    }
}
