package io.holdfast.lock;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * That a grant is at a lock: as a holder, or in line. What a reader of the whole state needs of it, and no more.
 *
 * @param lock its name; a grant of several locks is present at each
 * @param ticket revision of the transaction that asked for it
 * @param token fencing token, 0 while it is in line
 * @param holder as in {@link Change}; null while it is in line
 */
public record Presence(
        String lock, String grant, long session, long ticket, long token, Change.@Nullable Holder holder) {

    /**
     * A place in the order of a listing.
     *
     * @param ticket the last one of that lock that is before the place
     */
    public record Mark(String lock, long ticket) {}

    /**
     * Some of a listing.
     *
     * @param end where it ends; null when nothing follows
     */
    public record Page(List<Presence> grants, @Nullable Mark end) {

        /** Copies the list. */
        public Page {
            grants = List.copyOf(grants);
        }
    }

    static Presence of(Place place) {
        Grant grant = place.grant;
        Change.Holder holder = grant.held() ? grant.holder() : null;
        return new Presence(place.lock.name, grant.id, grant.session.id, grant.ticket, grant.token, holder);
    }
}
