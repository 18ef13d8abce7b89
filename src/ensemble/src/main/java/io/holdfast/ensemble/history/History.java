package io.holdfast.ensemble.history;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What clients did and were told. All times are nanoseconds of one monotonic clock that never goes below zero.
 *
 * <p>May be written by any thread; it is judged when all have ended.
 */
public final class History {

    /**
     * A lease was confirmed by the answer to a request that left at {@code sent}; it runs for {@code ttl} from then.
     */
    record Lease(String session, long sent, long ttl) {}

    /** A client was told that its session has ended, or was never heard of, though it had not asked for the end. */
    record SessionOver(String session, long told) {}

    /** A client was told that a ticket or grant has ended, though it had not asked for the end. */
    record GrantOver(String grant, String session, long told) {}

    /** An answer named this revision. */
    record Seen(long revision, long received) {}

    /** A node showed all locks, at this revision, with this content. */
    record Shown(int node, long revision, String content) {}

    private final ConcurrentLinkedQueue<Lease> leases = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<SessionOver> sessionsOver = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<GrantOver> grantsOver = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Hold> holds = new ConcurrentLinkedQueue<>();
    private final AtomicInteger holdsSoFar = new AtomicInteger();
    private final ConcurrentLinkedQueue<LockRead> reads = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Seen> seen = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Shown> shown = new ConcurrentLinkedQueue<>();

    /** A session was opened or kept alive by a request that left at {@code sent}, or not before it. */
    public void lease(String session, long sent, long ttl) {
        leases.add(new Lease(session, sent, ttl));
    }

    /** A client was told that its session is over, and had not asked for it. */
    public void sessionOver(String session, long told) {
        sessionsOver.add(new SessionOver(session, told));
    }

    /** A client was told that a ticket or grant of this session is over, and had not asked for it. */
    public void grantOver(String grant, String session, long told) {
        grantsOver.add(new GrantOver(grant, session, told));
    }

    /** A grant, once all that is known of it is known. */
    public void hold(Hold hold) {
        holds.add(hold);
        holdsSoFar.incrementAndGet();
    }

    /** A linearizable read. */
    public void read(LockRead read) {
        reads.add(read);
        revision(read.revision(), read.received());
    }

    /** The answer to a write, or to a linearizable read of something else than a lock. */
    public void revision(long revision, long received) {
        seen.add(new Seen(revision, received));
    }

    /** What one node said of its own replica, in a form that two nodes of the same revision have in common. */
    public void shown(int node, long revision, String content) {
        shown.add(new Shown(node, revision, content));
    }

    /** The grants so far. */
    public List<Hold> holds() {
        return List.copyOf(holds);
    }

    /** How many grants there are so far; cheap enough to be asked often. */
    public int size() {
        return holdsSoFar.get();
    }

    /** A history that goes on after this one: it begins with the highest token and revision, and forgets the rest. */
    public History next() {
        var next = new History();
        var end = seen.stream().mapToLong(Seen::received).max().orElse(0);
        seen.stream().mapToLong(Seen::revision).max().ifPresent(highest -> next.revision(highest, end));
        holds.stream()
                .max((a, b) -> Long.compare(a.token(), b.token()))
                .ifPresent(last -> next.hold(new Hold(
                        "the run before",
                        last.grant(),
                        last.session(),
                        last.token(),
                        last.requested(),
                        last.confirmed(),
                        last.confirmed(),
                        last.released())));
        return next;
    }

    /** How much was recorded of each kind, in words. */
    public String summary() {
        return holds.size() + " grants, " + leases.size() + " confirmed leases, " + sessionsOver.size()
                + " sessions that ended by themselves, " + reads.size() + " reads, " + shown.size()
                + " looks at replicas";
    }

    List<Lease> leases() {
        return List.copyOf(leases);
    }

    List<SessionOver> sessionsOver() {
        return List.copyOf(sessionsOver);
    }

    List<GrantOver> grantsOver() {
        return List.copyOf(grantsOver);
    }

    List<LockRead> reads() {
        return List.copyOf(reads);
    }

    List<Seen> seen() {
        return List.copyOf(seen);
    }

    List<Shown> shown() {
        return List.copyOf(shown);
    }
}
