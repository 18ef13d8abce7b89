package io.holdfast.server.replica;

import io.holdfast.lock.Applied;
import io.holdfast.lock.Claim;
import io.holdfast.lock.Command;
import io.holdfast.lock.LockTable;
import io.holdfast.lock.Mode;
import io.holdfast.lock.Result;
import io.holdfast.lock.acl.NameSet;
import io.holdfast.server.caller.Caller;
import io.holdfast.server.config.HoldfastConfig;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The application service over this node's replica: writes become transactions, reads look at the local table. */
@Singleton
final class ReplicatedLockService implements LockService {

    private final Replica replica;
    private final Reads reads;
    private final Writes writes;
    private final SessionCalls sessions;
    private final HoldfastConfig config;

    @Inject
    ReplicatedLockService(Replica replica) {
        this.replica = replica;
        this.reads = new Reads(replica);
        this.writes = new Writes(replica);
        this.sessions = new SessionCalls(replica, reads, writes);
        this.config = replica.config();
    }

    // ---- sessions ----

    @Override
    public Uni<Answer<SessionView>> openSession(Caller caller, SessionRequest request) {
        return sessions.openSession(caller, request);
    }

    @Override
    public Uni<Answer<KeptAlive>> keepAlive(Caller caller, String session, boolean grants) {
        return sessions.keepAlive(caller, List.of(session), grants)
                .map(all -> new Answer<>(all.value().get(0), all.at()));
    }

    @Override
    public Uni<Answer<List<KeptAlive>>> keepAlive(Caller caller, List<String> sessions, boolean grants) {
        return this.sessions.keepAlive(caller, sessions, grants);
    }

    @Override
    public Uni<Answer<SessionView>> session(Caller caller, String session, ReadOptions read) {
        return sessions.session(caller, session, read);
    }

    @Override
    public Uni<Answer<Page<SessionView>>> sessions(Caller caller, PageRequest page, ReadOptions read) {
        return sessions.sessions(caller, page, read);
    }

    @Override
    public Uni<AppliedAt> closeSession(Caller caller, String session, Closing closing) {
        return sessions.closeSession(caller, session, closing);
    }

    @Override
    public Uni<AppliedAt> attach(Caller caller, String session, String attachId) {
        return sessions.attach(caller, session, attachId);
    }

    // ---- grants ----

    @Override
    public Uni<Answer<GrantView>> acquire(Caller caller, AcquireRequest request) {
        long session = SessionIds.parse(request.session());
        if (session == SessionIds.NONE) {
            return Uni.createFrom().failure(() -> Refusals.sessionUnknown(request.session(), appliedAt()));
        }
        return acquire(
                caller,
                request,
                () -> new Command.Acquire(
                        request.grant(),
                        session,
                        request.claims(),
                        waitMillis(request.waitFor(), request.claims().size()),
                        request.metadata(),
                        System.currentTimeMillis()));
    }

    @Override
    public Uni<Answer<LeasedGrant>> acquire(Caller caller, PrivateAcquireRequest request) {
        String grant = request.grant() == null ? UUID.randomUUID().toString() : request.grant();
        long ttlMillis = SessionCalls.bounded(config, request.ttl()).toMillis();
        Supplier<Command> command = () -> new Command.AcquireAlone(
                grant,
                List.of(Claim.exclusive(request.lock())),
                ttlMillis,
                waitMillis(request.waitFor(), 1),
                "",
                request.metadata(),
                System.currentTimeMillis());
        return Uni.createFrom().deferred(() -> {
            LeasedPoll.Times times =
                    new LeasedPoll.Times(System.nanoTime(), deadline(caller, request.poll()), ttlMillis);
            return acquire(caller, command, grant, List.of(request.lock()))
                    .chain(decided -> acquired(caller, decided, request.lock(), times));
        });
    }

    private Uni<Answer<LeasedGrant>> acquired(Caller caller, Decided decided, String lock, LeasedPoll.Times times) {
        Applied applied = decided.applied();
        Result result = applied.result();
        if (result instanceof Result.Granted granted) {
            GrantView view = replica.farViews().grant(granted.grant(), !granted.again());
            return granted.again()
                    ? leased(caller, view, lock, times, false)
                    // Its session was opened after the request arrived, and so its lease began.
                    : Uni.createFrom()
                            .item(new Answer<>(new LeasedGrant(view, times.ttlMillis(), 0), writes.at(applied)));
        }
        if (result instanceof Result.Waiting waiting) {
            GrantView view = replica.farViews().grant(waiting.grant(), !waiting.again());
            return leased(caller, view, lock, times, !waiting.again());
        }
        return notGranted(caller, decided);
    }

    private Uni<Answer<LeasedGrant>> leased(
            Caller caller, GrantView grant, String lock, LeasedPoll.Times times, boolean opened) {
        return NodeTask.on(replica, task -> new LeasedPoll(task, caller, grant, lock, times, opened).look());
    }

    /** A set that waits keeps locks from others that it does not hold, so it may not wait as long as others. */
    private long waitMillis(Duration asked, int locks) {
        Duration max = config.limits().waitMax();
        if (locks > 1 && config.limits().setWaitMax().compareTo(max) < 0) {
            max = config.limits().setWaitMax();
        }
        return (asked.compareTo(max) > 0 ? max : asked).toMillis();
    }

    private Uni<Answer<GrantView>> acquire(Caller caller, AcquireRequest request, Supplier<Command> command) {
        return Uni.createFrom().deferred(() -> {
            long deadline = deadline(caller, request.poll());
            List<String> locks = request.claims().stream().map(Claim::lock).toList();
            return acquire(caller, command, request.grant(), locks)
                    .chain(decided -> acquired(caller, request, decided, locks, deadline));
        });
    }

    private Uni<Answer<GrantView>> acquired(
            Caller caller, AcquireRequest request, Decided decided, List<String> locks, long deadline) {
        Applied applied = decided.applied();
        Result result = applied.result();
        if (result instanceof Result.Granted granted) {
            GrantView view = replica.farViews().grant(granted.grant(), !granted.again());
            return Uni.createFrom().item(new Answer<>(view, writes.at(applied)));
        }
        if (result instanceof Result.Waiting waiting && !isPositive(request.poll())) {
            GrantView view = replica.farViews().grant(waiting.grant(), !waiting.again());
            return Uni.createFrom().item(new Answer<>(view, writes.at(applied)));
        }
        if (result instanceof Result.Waiting) {
            return NodeTask.on(replica, task -> new GrantPoll(task, caller, request.grant(), locks, deadline).look());
        }
        return notGranted(caller, decided);
    }

    private <T> Uni<Answer<T>> notGranted(Caller caller, Decided decided) {
        Result result = replica.access()
                .visible(replica.events().acl(), caller, decided.applied().result());
        return Uni.createFrom().failure(Refusals.of(result, writes.at(decided.applied()), decided.shown()));
    }

    /**
     * What became of an acquire at first.
     *
     * @param shown the lock that a refusal tells of, as it was right after; null when it tells of none
     */
    private record Decided(Applied applied, @Nullable LockView shown) {}

    /** Asks for a grant; a failure that leaves the outcome open names it, to be asked for. */
    private Uni<Decided> acquire(Caller caller, Supplier<Command> command, String grant, List<String> locks) {
        return writes.submit(
                        caller,
                        command,
                        (table, applied) -> new Decided(applied, shown(table, applied.result(), locks)))
                .invoke(decided -> replica.watch().asked(decided.applied().result()))
                .onFailure(
                        failure -> failure instanceof Refused refused && refused.problem() == Problem.OUTCOME_UNKNOWN)
                .transform(failure -> ((Refused) failure).naming(grant));
    }

    private @Nullable LockView shown(LockTable table, Result result, List<String> locks) {
        List<String> told = Refusals.locksTold(result, locks);
        return told.isEmpty() ? null : replica.views().firstInUse(table, told);
    }

    @Override
    public Uni<Answer<GrantView>> changeMode(Caller caller, String grant, Mode mode, long token) {
        if (token <= 0) {
            return Uni.createFrom().failure(() -> Refusals.tokenStale(grant, appliedAt()));
        }
        return writes.submit(
                        caller,
                        () -> new Command.ChangeMode(grant, token, mode, System.currentTimeMillis()),
                        this::modeChanged)
                .map(Outcome::orThrow);
    }

    private Outcome<Answer<GrantView>> modeChanged(LockTable table, Applied applied) {
        Result result = applied.result();
        if (result instanceof Result.ModeChanged changed) {
            return Outcome.of(new Answer<>(replica.farViews().grant(changed.grant(), false), writes.at(applied)));
        }
        return Outcome.refused(Refusals.of(result, writes.at(applied), shown(table, result, List.of())));
    }

    @Override
    public Uni<Answer<GrantView>> transfer(
            Caller caller, String grant, String to, Duration drain, @Nullable Long token) {
        if (token != null && token <= 0) {
            return Uni.createFrom().failure(() -> Refusals.tokenStale(grant, appliedAt()));
        }
        long own = token == null ? 0 : token;
        return writes.submit(
                        caller,
                        () -> new Command.Transfer(grant, own, to, drain.toMillis(), System.currentTimeMillis()))
                .map(applied -> {
                    Result result = applied.result();
                    if (result instanceof Result.Transferred transferred) {
                        return new Answer<>(replica.farViews().grant(transferred.to(), true), writes.at(applied));
                    }
                    if (result instanceof Result.YieldRequested asked) {
                        return new Answer<>(replica.farViews().grant(asked.grant(), false), writes.at(applied));
                    }
                    throw Refusals.of(result, writes.at(applied), null);
                });
    }

    @Override
    public Uni<Answer<GrantView>> breakGrant(Caller caller, BreakRequest request) {
        Long token = request.token();
        return writes.submit(
                        caller,
                        () -> new Command.Break(
                                request.lock(),
                                request.grant(),
                                token == null ? 0 : token,
                                request.by(),
                                request.reason(),
                                request.after().toMillis(),
                                System.currentTimeMillis()))
                .map(applied -> {
                    Result result = applied.result();
                    if (result instanceof Result.Broken broken) {
                        return new Answer<>(replica.farViews().grant(broken.grant(), true), writes.at(applied));
                    }
                    if (result instanceof Result.BreakAnnounced announced) {
                        return new Answer<>(replica.farViews().grant(announced.grant(), false), writes.at(applied));
                    }
                    throw Refusals.of(result, writes.at(applied), null);
                });
    }

    @Override
    public Uni<Answer<WhyView>> why(Caller caller, String lock, String grant, ReadOptions read) {
        return reads.read(read, replica.access().reading(caller, lock, (table, at) -> {
            io.holdfast.lock.GrantView known = table.grant(grant);
            boolean ofLock = known != null
                    && known.claims().stream().anyMatch(claim -> claim.lock().equals(lock));
            if (known == null || !ofLock || !replica.access().ownership().mayRead(table.acl(), caller, known)) {
                return Outcome.refused(Problem.GRANT_UNKNOWN, "no grant " + grant + " is in use at lock " + lock, at);
            }
            io.holdfast.lock.WhyView why = table.why(grant);
            TableViews views = replica.views();
            return Outcome.of(
                    why == null
                            ? new WhyView(lock, views.grant(known, false), List.of(), List.of(), true)
                            : replica.access().visible(table.acl(), caller, views.why(why, lock)));
        }));
    }

    @Override
    public Uni<Answer<GrantView>> grant(Caller caller, String grant, Duration poll, ReadOptions read) {
        return Uni.createFrom().deferred(() -> {
            long deadline = deadline(caller, poll);
            return reads.ready(read)
                    .chain(ready -> NodeTask.on(
                            replica, task -> new GrantPoll(task, caller, grant, List.of(), deadline).look()));
        });
    }

    /** No request is held for longer than its credential proves something. */
    private long deadline(Caller caller, Duration poll) {
        long until = caller.until();
        Duration left = Duration.ofMillis(until == Long.MAX_VALUE ? until : until - System.currentTimeMillis());
        return deadline(left.compareTo(poll) < 0 ? left : poll);
    }

    private long deadline(Duration poll) {
        Duration max = config.limits().pollMax();
        return System.nanoTime() + (poll.compareTo(max) > 0 ? max : poll).toNanos();
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isZero() && !duration.isNegative();
    }

    @Override
    public Uni<AppliedAt> release(
            Caller caller, String grant, @Nullable Long token, @Nullable String to, Duration closedFor) {
        if (token != null && token <= 0) {
            // 0 means "any token" to the table; a client that names a token wants that one.
            return Uni.createFrom().failure(() -> Refusals.tokenStale(grant, appliedAt()));
        }
        long only = token == null ? 0 : token;
        String next = to == null ? "" : to;
        long closed = closedFor.toMillis();
        return writes.submit(caller, () -> new Command.Release(grant, only, next, closed, System.currentTimeMillis()))
                .map(applied -> {
                    Result result = applied.result();
                    boolean ended = result instanceof Result.Released || result instanceof Result.Cancelled;
                    // It worked under the token, or leaves nothing closed: it must report that the grant was lost.
                    boolean mustReport = token != null || closed > 0;
                    if (ended || (result instanceof Result.Gone gone && !(mustReport && gone.lost()))) {
                        return writes.at(applied);
                    }
                    throw Refusals.of(result, writes.at(applied), null);
                });
    }

    // ---- locks ----

    @Override
    public Uni<Answer<LockView>> lock(Caller caller, String lock, ReadOptions read) {
        return reads.read(
                read,
                replica.access()
                        .reading(
                                caller,
                                lock,
                                (table, at) -> Outcome.of(replica.views().lock(table, lock))));
    }

    @Override
    public Uni<Answer<Optional<LockView>>> lockSince(
            Caller caller, String lock, Revision since, Duration poll, ReadOptions read) {
        return Uni.createFrom().deferred(() -> {
            long deadline = deadline(caller, poll);
            return reads.ready(read.atLeastIfLocal(since))
                    .chain(ready -> NodeTask.on(
                            replica, task -> new LockPoll(task, caller, lock, since.packed(), deadline).look()));
        });
    }

    @Override
    public Uni<Answer<Page<LockView>>> locks(Caller caller, LockFilter filter, PageRequest page, ReadOptions read) {
        return reads.read(read, (table, at) -> {
            Refused refused = replica.access().listing(table.acl(), caller, page.prefix());
            NameSet readable = replica.access().visible(table.acl(), caller).locks();
            return refused == null
                    ? Outcome.of(replica.views().locks(table, filter, page, readable))
                    : Outcome.refused(refused);
        });
    }

    @Override
    public Uni<Answer<TokenCheck>> checkToken(Caller caller, String lock, long token) {
        BiFunction<LockTable, AppliedAt, Outcome<TokenCheck>> check = (table, at) -> {
            io.holdfast.lock.TokenCheck checked = table.check(lock, token);
            return Outcome.of(new TokenCheck(checked.valid(), checked.current()));
        };
        return reads.read(ReadOptions.LINEARIZABLE, replica.access().reading(caller, lock, check));
    }

    @Override
    public Uni<Answer<LockView>> changeLimit(Caller caller, String lock, int limit) {
        return writes.submit(
                        caller,
                        () -> new Command.ChangeLimit(lock, limit, System.currentTimeMillis()),
                        (table, applied) -> limitChanged(table, applied, lock))
                .map(Outcome::orThrow);
    }

    private Outcome<Answer<LockView>> limitChanged(LockTable table, Applied applied, String lock) {
        return applied.result() instanceof Result.LimitChanged
                ? Outcome.of(new Answer<>(replica.views().lock(table, lock), writes.at(applied)))
                : Outcome.refused(Refusals.of(applied.result(), writes.at(applied), null));
    }

    // ---- cluster ----

    @Override
    public Uni<Answer<ClusterView>> cluster(Caller caller) {
        return Uni.createFrom().item(() -> {
            Refused refused = replica.access().identity(replica.events().acl(), caller);
            if (refused != null) {
                throw refused;
            }
            return new Answer<>(replica.clusterView(), appliedAt());
        });
    }

    @Override
    public AppliedAt appliedAt() {
        return replica.appliedAt(0);
    }
}
