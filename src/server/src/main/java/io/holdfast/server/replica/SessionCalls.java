package io.holdfast.server.replica;

import io.holdfast.lock.Carried;
import io.holdfast.lock.Command;
import io.holdfast.lock.EndedView;
import io.holdfast.lock.LockTable;
import io.holdfast.lock.Result;
import io.holdfast.lock.acl.Verb;
import io.holdfast.server.caller.Caller;
import io.holdfast.server.config.HoldfastConfig;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
        return NodeTask.on(replica, task -> touch(task, sessions, grants));
    }

    private void touch(NodeTask<Answer<List<KeptAlive>>> task, List<String> sessions, boolean grants) {
        List<Long> ids = new ArrayList<>(sessions.size());
        for (String session : sessions) {
            ids.add(SessionIds.parse(session));
        }
        replica.keepAlives()
                .add(ids)
                .onComplete(confirmed -> task.step(() -> {
                            if (confirmed.failed()) {
                                task.fail(confirmed.cause(), true);
                            } else {
                                task.end(keptAlive(sessions, ids, grants ? KeptAlive.GRANTS_TOLD : 0));
                            }
                        })
                        .run());
    }

    private Outcome<Answer<List<KeptAlive>>> keptAlive(List<String> sessions, List<Long> ids, int grantsTold) {
        LockTable table = replica.events().table();
        TableViews views = replica.views();
        List<KeptAlive> answers = new ArrayList<>(ids.size());
        int grantsLeft = grantsTold;
        int noticedLeft = KeptAlive.GRANTS_TOLD;
        for (int i = 0; i < ids.size(); i++) {
            long id = ids.get(i);
            KeptAlive kept = id == SessionIds.NONE
                    ? KeptAlive.gone(sessions.get(i), KeptAlive.State.UNKNOWN)
                    : views.keptAlive(table, id, grantsLeft, noticedLeft);
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
            return ended == null
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
            Refused refused = replica.access().administering(table.acl(), caller, Verb.ADMIN_SESSIONS);
            return refused == null
                    ? Outcome.of(replica.views().sessions(table, page, after))
                    : Outcome.refused(refused);
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
