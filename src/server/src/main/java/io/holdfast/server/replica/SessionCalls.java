package io.holdfast.server.replica;

import io.holdfast.lock.Carried;
import io.holdfast.lock.Command;
import io.holdfast.lock.EndedView;
import io.holdfast.lock.LockTable;
import io.holdfast.lock.Result;
import io.holdfast.server.caller.Caller;
import io.holdfast.server.config.HoldfastConfig;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What {@link LockService} says of sessions, over this node's replica. */
final class SessionCalls {

    private static final int KEEPALIVES_PER_CALL = 1_000;

    private final Replica replica;
    private final Reads reads;
    private final Writes writes;

    SessionCalls(Replica replica, Reads reads, Writes writes) {
        this.replica = replica;
        this.reads = reads;
        this.writes = writes;
    }

    Uni<Answer<SessionView>> openSession(Caller caller, SessionRequest request) {
        Duration ttl = bounded(replica.config(), request.ttl());
        String key = request.idempotencyKey() == null ? UUID.randomUUID().toString() : request.idempotencyKey();
        return writes.submit(
                        caller,
                        () -> new Command.OpenSession(
                                key,
                                ttl.toMillis(),
                                request.name(),
                                request.metadata(),
                                request.lockDelay().toMillis(),
                                System.currentTimeMillis()))
                .map(applied -> {
                    Result result = applied.result();
                    if (result instanceof Result.SessionOpened opened) {
                        SessionView view = replica.farViews().session(opened.session(), List.of());
                        return new Answer<>(view.opened(!opened.again()), writes.at(applied));
                    }
                    throw Refusals.of(result, writes.at(applied), null);
                });
    }

    Uni<Answer<List<KeptAlive>>> keepAlive(Caller caller, List<String> sessions, boolean grants) {
        if (sessions.isEmpty() || sessions.size() > KEEPALIVES_PER_CALL) {
            return Uni.createFrom()
                    .failure(Refusals.invalid(
                            "a keepalive is for 1 to " + KEEPALIVES_PER_CALL + " sessions, not " + sessions.size()));
        }
        Refused notHere = replica.access().notHere(Carried::keepalive);
        if (notHere != null) {
            return Uni.createFrom().failure(notHere);
        }
        List<Long> ids = new ArrayList<>(sessions.size());
        for (String session : sessions) {
            ids.add(SessionIds.parse(session));
        }
        Leases leases = new Leases(caller, sessions, ids, grants ? KeptAlive.GRANTS_TOLD : 0);
        return NodeTask.on(replica, task -> {
            if (hasAll(ids)) {
                touch(task, leases);
            } else {
                // Opened at another node a moment ago: until it is known here, so is not its owner.
                confirmed(task, replica.readIndex(), () -> touch(task, leases));
            }
        });
    }

    /**
     * What a keepalive is for.
     *
     * @param names as the client wrote them
     * @param ids of the same sessions; {@link SessionIds#NONE} for names that no session has
     * @param grantsTold how many of their grants are in the answer at most
     */
    private record Leases(Caller caller, List<String> names, List<Long> ids, int grantsTold) {}

    /** Returns whether all sessions with such ids were opened here, if they ever were. */
    private boolean hasAll(List<Long> ids) {
        long revision = replica.events().table().revision();
        for (long id : ids) {
            if (id > revision) {
                return false;
            }
        }
        return true;
    }

    private void touch(NodeTask<Answer<List<KeptAlive>>> task, Leases leases) {
        LockTable table = replica.events().table();
        List<Long> own = new ArrayList<>(leases.ids.size());
        for (Long id : leases.ids) {
            String owner = table.ownerOf(id);
            if (owner != null && Ownership.isOwn(owner, leases.caller)) {
                own.add(id);
            }
        }
        // Also without a session of its own: the states of the others are as fresh.
        Future<Void> round =
                own.isEmpty() ? replica.readIndex() : replica.keepAlives().add(own);
        confirmed(task, round, () -> task.end(keptAlive(leases)));
    }

    private static void confirmed(NodeTask<?> task, Future<Void> round, Runnable next) {
        round.onComplete(confirmed -> task.step(() -> {
                    if (confirmed.failed()) {
                        task.fail(confirmed.cause(), true);
                    } else {
                        next.run();
                    }
                })
                .run());
    }

    private Outcome<Answer<List<KeptAlive>>> keptAlive(Leases leases) {
        List<String> sessions = leases.names;
        List<Long> ids = leases.ids;
        int grantsTold = leases.grantsTold;
        LockTable table = replica.events().table();
        TableViews views = replica.views();
        List<KeptAlive> answers = new ArrayList<>(ids.size());
        int grantsLeft = grantsTold;
        int noticedLeft = KeptAlive.GRANTS_TOLD;
        Map<Long, KeptAlive.State> states = new HashMap<>();
        for (int i = 0; i < ids.size(); i++) {
            Long id = ids.get(i);
            KeptAlive.State state = states.computeIfAbsent(
                    id, each -> replica.access().ownership().stateOf(table, leases.caller, each));
            KeptAlive kept = state == KeptAlive.State.ALIVE
                    ? views.keptAlive(table, id, grantsLeft, noticedLeft)
                    : KeptAlive.gone(sessions.get(i), state);
            answers.add(kept);
            grantsLeft -= kept.grants().size();
            noticedLeft -= kept.noticed().size();
        }
        return Outcome.of(new Answer<>(answers, replica.appliedAt(table.revision())));
    }

    Uni<Answer<SessionView>> session(Caller caller, String session, ReadOptions read) {
        long id = SessionIds.parse(session);
        return reads.read(read, (table, at) -> {
            io.holdfast.lock.SessionView open = table.session(id);
            if (open != null) {
                return replica.access().session(table, caller, replica.views().session(table, open), at);
            }
            EndedView ended = table.endedSession(id);
            return ended == null || !replica.access().ownership().mayBeTold(table.acl(), caller, ended)
                    ? Outcome.refused(Refusals.sessionUnknown(session, at))
                    : Outcome.refused(Refusals.sessionEnded(session, ended.cause(), at));
        });
    }

    Uni<Answer<Page<SessionView>>> sessions(Caller caller, PageRequest page, ReadOptions read) {
        long after = SessionIds.parse(page.after());
        if (after == SessionIds.NONE && !page.after().isEmpty()) {
            return Uni.createFrom().failure(Refusals.invalid("after is no session id: " + page.after()));
        }
        return reads.read(read, (table, at) -> {
            Refused stranger = replica.access().identity(table.acl(), caller);
            String owner = replica.access().visible(table.acl(), caller).owner();
            return stranger == null
                    ? Outcome.of(replica.views().sessions(table, page, after, owner))
                    : Outcome.refused(stranger);
        });
    }

    Uni<AppliedAt> closeSession(Caller caller, String session, Closing closing) {
        long id = SessionIds.parse(session);
        if (id == SessionIds.NONE) {
            return Uni.createFrom().failure(() -> Refusals.sessionUnknown(session, replica.appliedAt(0)));
        }
        return writes.submit(caller, () -> closing.command(id, System.currentTimeMillis()))
                .map(applied -> {
                    Result result = applied.result();
                    if (result instanceof Result.SessionClosed || result instanceof Result.SessionEnded) {
                        return writes.at(applied);
                    }
                    throw Refusals.of(result, writes.at(applied), null);
                });
    }

    Uni<AppliedAt> attach(Caller caller, String session, String attachId) {
        long id = SessionIds.parse(session);
        if (id == SessionIds.NONE) {
            return Uni.createFrom().failure(() -> Refusals.sessionUnknown(session, replica.appliedAt(0)));
        }
        return writes.submit(caller, () -> new Command.Attach(id, attachId, System.currentTimeMillis()))
                .map(applied -> {
                    if (applied.result() instanceof Result.Attached) {
                        return writes.at(applied);
                    }
                    throw Refusals.of(applied.result(), writes.at(applied), null);
                });
    }

    /** Returns how long a session lives without keepalive: what is asked for within the configured bounds. */
    static Duration bounded(HoldfastConfig config, @Nullable Duration asked) {
        Duration ttl = asked == null ? config.session().ttlDefault() : asked;
        if (ttl.compareTo(config.session().ttlMin()) < 0) {
            return config.session().ttlMin();
        }
        return ttl.compareTo(config.session().ttlMax()) > 0 ? config.session().ttlMax() : ttl;
    }
}
