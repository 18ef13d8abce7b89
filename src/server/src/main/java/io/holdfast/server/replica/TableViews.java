package io.holdfast.server.replica;

import io.holdfast.lock.EndedView;
import io.holdfast.lock.LockTable;
import io.holdfast.server.config.HoldfastConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Turns what the lock table knows into what clients see. Used where the table is: on the node's context. */
final class TableViews {

    /** Grants shown with a session, oldest first. */
    static final int GRANTS_SHOWN = 1_000;

    private final HoldfastConfig.Session config;
    private final LongUnaryOperator ttlLeft;
    private final long nowMillis;

    /**
     * Creates views of one moment.
     *
     * @param ttlLeft milliseconds that a session has left, -1 when unknown
     * @param nowMillis wall clock, for people
     */
    TableViews(HoldfastConfig.Session config, LongUnaryOperator ttlLeft, long nowMillis) {
        this.config = config;
        this.ttlLeft = ttlLeft;
        this.nowMillis = nowMillis;
    }

    static String sessionId(long id) {
        return io.holdfast.lock.Revision.text(id);
    }

    GrantView grant(io.holdfast.lock.GrantView grant, boolean fresh) {
        boolean granted = grant.granted();
        String behind = grant.behind();
        return new GrantView(
                grant.id(),
                grant.claims(),
                sessionId(grant.session()),
                grant.sessionName(),
                granted ? GrantView.State.GRANTED : GrantView.State.WAITING,
                grant.token(),
                grant.position(),
                behind == null ? "" : behind,
                grant.waitMillis(),
                since(grant.askedAtMillis(), granted ? grant.grantedAtMillis() : nowMillis),
                granted ? since(grant.grantedAtMillis(), nowMillis) : 0,
                ttlLeft.applyAsLong(grant.session()),
                grant.metadata(),
                grant.yield(),
                grant.breaking(),
                fresh);
    }

    /** Nodes' wall clocks differ: an age is never negative. */
    private static long since(long fromMillis, long toMillis) {
        return Math.max(0, toMillis - fromMillis);
    }

    private List<GrantView> grants(List<io.holdfast.lock.GrantView> grants) {
        List<GrantView> views = new ArrayList<>(grants.size());
        grants.forEach(grant -> views.add(grant(grant, false)));
        return views;
    }

    SessionView session(io.holdfast.lock.SessionView session, List<io.holdfast.lock.GrantView> grants) {
        return new SessionView(
                sessionId(session.id()),
                session.name(),
                session.metadata(),
                session.ttlMillis(),
                config.ttlMin().toMillis(),
                config.ttlMax().toMillis(),
                ttlLeft.applyAsLong(session.id()),
                session.lockDelayMillis(),
                grants(grants),
                false);
    }

    SessionView session(LockTable table, io.holdfast.lock.SessionView session) {
        return session(session, table.grantsOf(session.id(), 0, GRANTS_SHOWN));
    }

    KeptAlive keptAlive(LockTable table, long session) {
        io.holdfast.lock.SessionView alive = table.session(session);
        if (alive != null) {
            List<GrantView> grants = grants(table.grantsOf(session, 0, GRANTS_SHOWN));
            return new KeptAlive(
                    sessionId(session), KeptAlive.State.ALIVE, alive.ttlMillis(), grants, table.attachId(session));
        }
        EndedView ended = table.endedSession(session);
        KeptAlive.State state = ended == null ? KeptAlive.State.UNKNOWN : KeptAlive.State.ENDED;
        return new KeptAlive(sessionId(session), state, 0, List.of(), "");
    }

    LockView lock(io.holdfast.lock.LockView lock) {
        return new LockView(
                lock.name(),
                lock.mode(),
                lock.limit(),
                grants(lock.holders()),
                lock.used(),
                grants(lock.waiters()),
                lock.waiting(),
                lock.promisedTo(),
                lock.delayMillis());
    }

    LockView lock(LockTable table, String name) {
        return lock(table.lock(name, LockView.WAITERS_SHOWN));
    }

    /** Returns the first of several locks that is in use, or the first. */
    LockView firstInUse(LockTable table, List<String> names) {
        for (String name : names) {
            LockView lock = lock(table, name);
            if (lock.used() > 0 || lock.waiting() > 0 || lock.delayMs() > 0) {
                return lock;
            }
        }
        return lock(table, names.get(0));
    }

    WhyView why(io.holdfast.lock.WhyView why, String lock) {
        List<WhyView.Line> lines = new ArrayList<>();
        for (io.holdfast.lock.WhyView.Line line : why.lines()) {
            lines.add(new WhyView.Line(
                    line.lock(), line.position(), grants(line.holders()), grants(line.ahead()), line.delayMillis()));
        }
        return new WhyView(lock, grant(why.grant(), false), lines, why.cycle());
    }

    Page<SessionView> sessions(LockTable table, String prefix, long after, int limit) {
        List<SessionView> items = new ArrayList<>();
        for (io.holdfast.lock.SessionView session : table.sessions(prefix, after, limit)) {
            items.add(session(session, List.of()));
        }
        return new Page<>(
                items, items.size() < limit ? "" : items.get(limit - 1).id());
    }

    Page<LockView> locks(LockTable table, LockFilter filter, PageRequest page) {
        List<LockView> items = new ArrayList<>();
        @Nullable String after = page.after().isEmpty() ? null : page.after();
        for (io.holdfast.lock.LockView lock :
                table.locks(page.prefix(), filter == LockFilter.WAITING, after, page.limit())) {
            items.add(lock(lock));
        }
        return new Page<>(
                items,
                items.size() < page.limit() ? "" : items.get(page.limit() - 1).name());
    }
}
