package io.holdfast.server.replica;

import io.holdfast.lock.EndedView;
import io.holdfast.lock.LockTable;
import io.holdfast.lock.SessionPage;
import io.holdfast.lock.acl.NameSet;
import io.holdfast.server.config.HoldfastConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Turns what the lock table knows into what clients see. Used where the table is: on the node's context. */
final class TableViews {

    /** Grants shown with a session, oldest first. */
    static final int GRANTS_SHOWN = 1_000;

    /** Above about so many bytes of JSON a page takes no more entries, whatever its limit. */
    private static final long PAGE_BYTES = 512 << 10;

    /** What an entry or a holder has beside its name and its metadata, about. */
    private static final int ITEM_BYTES = 250;

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
                grant.owner(),
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
                session.owner(),
                grants(grants),
                false);
    }

    SessionView session(LockTable table, io.holdfast.lock.SessionView session) {
        return session(session, table.grantsOf(session.id(), 0, GRANTS_SHOWN));
    }

    /**
     * Says what became of a session.
     *
     * @param shown how many of its grants are told at most
     * @param noticed how many of those that have a notice are told at most
     */
    KeptAlive keptAlive(LockTable table, long session, int shown, int noticed) {
        io.holdfast.lock.SessionView alive = table.session(session);
        if (alive == null) {
            EndedView ended = table.endedSession(session);
            return KeptAlive.gone(sessionId(session), ended == null ? KeptAlive.State.UNKNOWN : KeptAlive.State.ENDED);
        }
        List<GrantView> grants = shown <= 0 ? List.of() : grants(table.grantsOf(session, 0, shown));
        return new KeptAlive(
                sessionId(session),
                KeptAlive.State.ALIVE,
                alive.ttlMillis(),
                grants,
                grants(table.noticedOf(session, noticed)),
                alive.held() + alive.waiting() - grants.size(),
                table.attachId(session));
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

    /** Returns the first of several locks that is in use, or the first, as a refused try is told of it. */
    LockView firstInUse(LockTable table, List<String> names) {
        for (String name : names) {
            if (table.isInUse(name)) {
                return lock(table.lockInTheWay(name));
            }
        }
        return lock(table.lockInTheWay(names.get(0)));
    }

    WhyView why(io.holdfast.lock.WhyView why, String lock) {
        List<WhyView.Line> lines = new ArrayList<>();
        for (io.holdfast.lock.WhyView.Line line : why.lines()) {
            lines.add(new WhyView.Line(
                    line.lock(), line.position(), grants(line.holders()), grants(line.ahead()), line.delayMillis()));
        }
        return new WhyView(lock, grant(why.grant(), false), lines, why.cycle(), why.searched());
    }

    /**
     * Returns a page that ends early when its texts are long; see {@link #PAGE_BYTES}.
     *
     * @param owner principal whose sessions are listed; empty for all
     */
    Page<SessionView> sessions(LockTable table, PageRequest page, long after, String owner) {
        boolean filtered = !owner.isEmpty();
        SessionPage found = table.pageOfSessions(page.prefix(), owner, after, page.limit());
        List<SessionView> items = new ArrayList<>();
        long bytes = 0;
        for (io.holdfast.lock.SessionView session : found.sessions()) {
            if (bytes > PAGE_BYTES) {
                return new Page<>(items, items.get(items.size() - 1).id(), filtered);
            }
            items.add(session(session, List.of()));
            bytes += ITEM_BYTES
                    + session.name().length()
                    + (page.metadata() ? session.metadata().length() : 0);
        }
        return new Page<>(items, found.nextAfter() == 0 ? "" : sessionId(found.nextAfter()), filtered);
    }

    /**
     * As {@link #sessions}.
     *
     * @param readable names of the locks that may be listed
     */
    Page<LockView> locks(LockTable table, LockFilter filter, PageRequest page, NameSet readable) {
        NameSet names = readable.within(page.prefix());
        boolean filtered = !readable.containsAll(page.prefix());
        List<LockView> items = new ArrayList<>();
        @Nullable String after = page.after().isEmpty() ? null : page.after();
        long bytes = 0;
        for (io.holdfast.lock.LockView lock : table.locks(names, filter == LockFilter.WAITING, after, page.limit())) {
            if (bytes > PAGE_BYTES) {
                return new Page<>(items, items.get(items.size() - 1).name(), filtered);
            }
            items.add(lock(lock));
            bytes += ITEM_BYTES + lock.name().length();
            for (io.holdfast.lock.GrantView holder : lock.holders()) {
                bytes += ITEM_BYTES
                        + holder.sessionName().length()
                        + (page.metadata() ? holder.metadata().length() : 0);
            }
        }
        return new Page<>(
                items,
                items.size() < page.limit() ? "" : items.get(page.limit() - 1).name(),
                filtered);
    }
}
