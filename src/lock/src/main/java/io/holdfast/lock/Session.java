package io.holdfast.lock;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** An open session with the grants and tickets it has, linked in the order of their tickets. */
final class Session {

    final long id;
    /** Null for a private session, which is known by its grant. */
    final @Nullable String key;

    final String name;
    final int ttlMillis;
    final String metadata;
    final int lockDelayMillis;
    final long openedAtMillis;

    /** Principal that opened it; empty for one that a level below 3 opened, which any client may act on. */
    final String owner;

    /** What it takes, without its grants. */
    final int weight;

    /** What its owner has; null until the session is open. */
    Principals.@Nullable Use use;

    @Nullable
    Grant first;

    @Nullable
    Grant last;

    int held;
    int waiting;

    /** Id of the process whose connections keep it alive; empty while none said one. */
    String attachId = "";

    /** Ids of earlier ones, newest last; replaced as a whole. */
    List<String> superseded = List.of();

    /** Ids of its ended grants that are kept while it lives, beside the newest of all sessions; oldest first. */
    @Nullable
    ArrayDeque<String> kept;

    /** Its grants that are told something. */
    int noticed;

    /** Locks of all its grants and tickets. */
    int places;

    /** Why it ends, from its end on until all that it had is taken away; null while it is open. */
    @Nullable
    Cause ending;

    /** Client that forced its end; null otherwise. */
    @Nullable
    String endingNote;

    /** What it is opened with; the key is null for a private one, and the owner empty when none is named. */
    record Terms(
            @Nullable String key, String name, long ttlMillis, String metadata, long lockDelayMillis, String owner) {}

    Session(long id, Terms terms, long openedAtMillis) {
        this.id = id;
        this.key = terms.key();
        this.name = Grant.shared(terms.name());
        this.ttlMillis = Math.toIntExact(terms.ttlMillis());
        this.metadata = Grant.shared(terms.metadata());
        this.lockDelayMillis = Math.toIntExact(terms.lockDelayMillis());
        this.openedAtMillis = openedAtMillis;
        this.owner = terms.owner();
        this.weight = Weights.of(terms);
    }

    /** Returns the ids of earlier processes when another one than the present keeps it alive. */
    List<String> supersededByAnother() {
        if (attachId.isEmpty()) {
            return superseded;
        }
        List<String> former = new ArrayList<>(superseded);
        former.add(attachId);
        return List.copyOf(former.subList(Math.max(0, former.size() - Limits.SUPERSEDED_MAX), former.size()));
    }

    int weightOfAttachIds() {
        return Weights.ofAttachIds(attachId, superseded);
    }

    /** Returns whether it is private: it ends with the grant of the transaction that opened it. */
    boolean alone() {
        return key == null;
    }

    void link(Grant grant) {
        grant.previous = last;
        if (last == null) {
            first = grant;
        } else {
            last.next = grant;
        }
        last = grant;
    }

    void unlink(Grant grant) {
        if (grant.previous == null) {
            first = grant.next;
        } else {
            grant.previous.next = grant.next;
        }
        if (grant.next == null) {
            last = grant.previous;
        } else {
            grant.next.previous = grant.previous;
        }
        grant.previous = null;
        grant.next = null;
    }

    /**
     * Returns whether it has a grant all of whose locks are such.
     *
     * @param looksMax at locks; what is behind them is not looked for
     */
    boolean hasGrantOf(Predicate<String> locks, int looksMax) {
        boolean found = false;
        int looks = 0;
        for (Grant g = first; g != null && !found && looks < looksMax; g = g.next) {
            looks += g.size();
            found = g.isAtOnly(locks);
        }
        return found;
    }

    /** Returns the first of its grants with a ticket above another. */
    List<GrantView> grants(long afterTicket, int limit) {
        List<GrantView> views = new ArrayList<>();
        for (Grant g = first; g != null && views.size() < limit; g = g.next) {
            if (g.ticket > afterTicket) {
                views.add(g.view());
            }
        }
        return views;
    }

    /** Returns the first of its grants that have a notice. */
    List<GrantView> noticed(int limit) {
        List<GrantView> views = new ArrayList<>();
        int left = Math.min(limit, noticed);
        for (Grant g = first; g != null && views.size() < left; g = g.next) {
            if (!g.notice.equals(Notice.NONE)) {
                views.add(g.view());
            }
        }
        return views;
    }

    /** Returns what is known of it, or of one of its grants, while it ends. */
    EndedView ended(long token, Cause cause, long revision) {
        return new EndedView(id, token, cause, revision, endingNote, owner);
    }

    SessionView view() {
        return new SessionView(
                id, key, name, ttlMillis, metadata, lockDelayMillis, alone(), held, waiting, openedAtMillis, owner);
    }
}
