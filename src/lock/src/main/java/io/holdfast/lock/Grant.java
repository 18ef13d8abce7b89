package io.holdfast.lock;

import org.jspecify.annotations.Nullable;

/**
 * A grant from its acquire to its end: in line while its token is 0, then holding its lock.
 *
 * <p>There is one object of 80 bytes for each; what belongs to its lock or session is found there.
 */
final class Grant {

    final String id;
    final Lock lock;
    final Session session;
    final Mode mode;
    final String metadata;
    final long ticket;
    final long askedAtMillis;
    final int waitMillis;

    /** Where it stands in its lock's queue; kept by the queue. */
    int slot;

    /** 0 while it is in line. */
    long token;

    long grantedAtMillis;

    /** Neighbours in its session's list. */
    @Nullable
    Grant previous;

    @Nullable
    Grant next;

    Grant(Session session, Lock lock, long ticket, Ask ask) {
        this.id = ask.grant();
        this.lock = lock;
        this.session = session;
        this.mode = ask.mode();
        this.metadata = shared(ask.metadata());
        this.ticket = ticket;
        this.askedAtMillis = ask.atMillis();
        this.waitMillis = Math.toIntExact(ask.waitMillis());
    }

    boolean held() {
        return token != 0;
    }

    /** Returns whether its session was opened for it and ends with it: both came with the same transaction. */
    boolean endsSession() {
        return session.alone() && ticket == session.id;
    }

    /** Returns whether a later acquire with this id asks for the same thing. The wait of the first one counts. */
    boolean matches(Ask ask) {
        return lock.name.equals(ask.lock()) && mode == ask.mode() && metadata.equals(ask.metadata());
    }

    GrantView view() {
        WaitQueue queue = lock.queue;
        int position = 0;
        String behind = null;
        if (!held() && queue != null && lock.holder != null) {
            position = queue.position(this);
            behind = position == 1 ? lock.holder.id : queue.at(position - 1).id;
        }
        return new GrantView(
                id,
                lock.name,
                mode,
                session.id,
                session.name,
                ticket,
                token,
                position,
                behind,
                waitMillis,
                metadata,
                askedAtMillis,
                grantedAtMillis);
    }

    Change change(Change.Kind kind, @Nullable Cause cause) {
        long wait = kind == Change.Kind.WAITING ? waitMillis : 0;
        return new Change(kind, lock.name, id, session.id, ticket, token, cause, wait);
    }

    /** Most texts are empty: they share one object. */
    static String shared(String text) {
        return text.isEmpty() ? "" : text;
    }

    /** What both kinds of acquire ask for. */
    record Ask(String grant, String lock, Mode mode, long waitMillis, String metadata, long atMillis) {

        static Ask of(Command.Acquire c) {
            return new Ask(c.grant(), c.lock(), c.mode(), c.waitMillis(), c.metadata(), c.atMillis());
        }

        static Ask of(Command.AcquireAlone c) {
            return new Ask(c.grant(), c.lock(), c.mode(), c.waitMillis(), c.metadata(), c.atMillis());
        }
    }
}
