package io.holdfast.lock;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A grant from its acquire to its end: in line while its token is 0, then holding all its locks.
 *
 * <p>There is one object of 80 bytes for each, and one {@link Place} for each of its locks; what belongs to a lock or
 * to the session is found there.
 */
final class Grant {

    private static final Place[] NONE = {};

    final String id;
    final Session session;
    final String metadata;
    final long ticket;
    final long askedAtMillis;
    final int waitMillis;

    /** What it takes with its places, without its notice. */
    final int weight;

    /** In the order of lock names; most grants have one. */
    private final Place first;

    private final Place[] others;

    /** 0 while it is in line. */
    long token;

    long grantedAtMillis;

    /** What it is told while it holds its locks. */
    Notice notice = Notice.NONE;

    /** Neighbours in its session's list. */
    @Nullable
    Grant previous;

    @Nullable
    Grant next;

    /**
     * Creates one that is nowhere yet.
     *
     * @param locks those of the claims, in their order
     */
    Grant(Session session, List<Lock> locks, long ticket, Ask ask) {
        this.id = ask.grant();
        this.session = session;
        this.metadata = shared(ask.metadata());
        this.ticket = ticket;
        this.askedAtMillis = ask.atMillis();
        this.waitMillis = Math.toIntExact(ask.waitMillis());
        this.weight = Weights.of(ask);
        this.first = place(locks.get(0), ask.claims().get(0));
        this.others = locks.size() == 1 ? NONE : new Place[locks.size() - 1];
        for (int i = 1; i < locks.size(); i++) {
            others[i - 1] = place(locks.get(i), ask.claims().get(i));
        }
    }

    private Place place(Lock lock, Claim claim) {
        return new Place(this, lock, claim.mode(), claim.permits());
    }

    /** Returns how many locks it is for. */
    int size() {
        return 1 + others.length;
    }

    /** Returns its place at one of its locks, from 0. */
    Place place(int index) {
        return index == 0 ? first : others[index - 1];
    }

    /** Returns its place at a lock, null when it is not for it. */
    @Nullable
    Place at(Lock lock) {
        for (int i = 0; i < size(); i++) {
            if (place(i).lock == lock) {
                return place(i);
            }
        }
        return null;
    }

    /** Returns whether all its locks are such. */
    boolean isAtOnly(Predicate<String> locks) {
        for (int i = 0; i < size(); i++) {
            if (!locks.test(place(i).lock.name)) {
                return false;
            }
        }
        return true;
    }

    boolean held() {
        return token != 0;
    }

    /** Returns whether nothing but its token is missing. */
    boolean isReady() {
        for (int i = 0; i < size(); i++) {
            if (!place(i).open) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether its session was opened for it and ends with it: both came with the same transaction. */
    boolean endsSession() {
        return session.alone() && ticket == session.id;
    }

    /** Returns whether a later acquire with this id asks for the same thing. The wait of the first one counts. */
    boolean matches(Ask ask) {
        if (ask.claims().size() != size() || !metadata.equals(ask.metadata())) {
            return false;
        }
        for (int i = 0; i < size(); i++) {
            if (!place(i).matches(ask.claims().get(i))) {
                return false;
            }
        }
        return true;
    }

    GrantView view() {
        List<Claim> claims = new ArrayList<>(size());
        for (int i = 0; i < size(); i++) {
            claims.add(place(i).claim());
        }
        Behind behind = held() ? Behind.NOBODY : behind();
        return new GrantView(
                id,
                claims,
                session.id,
                session.name,
                ticket,
                token,
                behind.position(),
                behind.grant(),
                waitMillis,
                metadata,
                askedAtMillis,
                grantedAtMillis,
                notice.yield(),
                notice.breaking(),
                session.owner);
    }

    /** Looks at the longest of those lines that it is kept in. */
    private Behind behind() {
        int farthest = 0;
        Place before = null;
        for (int i = 0; i < size(); i++) {
            Place place = place(i);
            WaitQueue queue = place.lock.queue;
            if (queue != null && !place.open) {
                int position = queue.position(place);
                if (position > farthest) {
                    farthest = position;
                    before = position == 1 ? place.lock.first : queue.at(position - 1);
                }
            }
        }
        return new Behind(farthest, before == null ? null : before.grant.id);
    }

    /** Adds one change for each of its locks. */
    void report(List<Change> changes, Change.Kind kind, @Nullable Cause cause) {
        report(changes, kind, cause, kind == Change.Kind.WAITING ? waitMillis : 0);
    }

    void report(List<Change> changes, Change.Kind kind, @Nullable Cause cause, long millis) {
        Change.Holder holder = kind == Change.Kind.GRANTED ? holder() : null;
        for (int i = 0; i < size(); i++) {
            changes.add(new Change(kind, place(i).lock.name, id, session.id, ticket, token, cause, millis, holder));
        }
    }

    /** Returns what its client says of itself; null when that is nothing. */
    Change.@Nullable Holder holder() {
        return session.name.isEmpty() && metadata.isEmpty() ? null : new Change.Holder(session.name, metadata);
    }

    /** Most texts are empty: they share one object. */
    static String shared(String text) {
        return text.isEmpty() ? "" : text;
    }

    /** How far it stands in line, and directly behind whom. */
    private record Behind(int position, @Nullable String grant) {
        static final Behind NOBODY = new Behind(0, null);
    }

    /** What both kinds of acquire ask for. */
    record Ask(String grant, List<Claim> claims, long waitMillis, String metadata, long atMillis) {

        static Ask of(Command.Acquire c) {
            return new Ask(c.grant(), c.claims(), c.waitMillis(), c.metadata(), c.atMillis());
        }

        static Ask of(Command.AcquireAlone c) {
            return new Ask(c.grant(), c.claims(), c.waitMillis(), c.metadata(), c.atMillis());
        }
    }
}
