package io.holdfast.server.rest;

import io.holdfast.server.replica.AcquireRequest;
import io.holdfast.server.replica.Answer;
import io.holdfast.server.replica.AppliedAt;
import io.holdfast.server.replica.ClusterView;
import io.holdfast.server.replica.GrantView;
import io.holdfast.server.replica.KeptAlive;
import io.holdfast.server.replica.LockFilter;
import io.holdfast.server.replica.LockService;
import io.holdfast.server.replica.LockView;
import io.holdfast.server.replica.Page;
import io.holdfast.server.replica.PageRequest;
import io.holdfast.server.replica.PrivateAcquireRequest;
import io.holdfast.server.replica.Problem;
import io.holdfast.server.replica.ReadOptions;
import io.holdfast.server.replica.Refused;
import io.holdfast.server.replica.Revision;
import io.holdfast.server.replica.SessionRequest;
import io.holdfast.server.replica.SessionView;
import io.holdfast.server.replica.TokenCheck;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

@Alternative
@Priority(1)
@ApplicationScoped
class MemoryLockService implements LockService {
    private final Map<String, SessionView> sessions = new TreeMap<>();
    private final Map<String, SessionRequest> keys = new TreeMap<>();
    private final Map<String, String> keyed = new TreeMap<>();
    private final TreeSet<String> ended = new TreeSet<>();
    private final Map<String, GrantView> grants = new TreeMap<>();
    private final TreeSet<String> endedGrants = new TreeSet<>();
    private final Map<String, List<String>> lines = new TreeMap<>();
    private long counter;
    private long token;

    private <T> Uni<T> later(java.util.function.Supplier<T> s) {
        return Uni.createFrom().item(() -> {
            synchronized (this) {
                return s.get();
            }
        });
    }

    private <T> Answer<T> at(T value) {
        return new Answer<>(value, appliedAt());
    }

    private Refused refused(Problem p, String m) {
        return new Refused(p, m, appliedAt(), null);
    }

    @Override
    public Uni<Answer<SessionView>> openSession(SessionRequest r) {
        return later(() -> {
            if (r.idempotencyKey() != null && keyed.containsKey(r.idempotencyKey())) {
                if (!keys.get(r.idempotencyKey()).equals(r)) {
                    throw refused(Problem.GRANT_MISMATCH, "mismatch");
                }
                return at(sessions.get(keyed.get(r.idempotencyKey())));
            }
            if (r.name().equals("boom")) {
                throw new IllegalStateException("boom");
            }
            String id = "1-" + ++counter;
            SessionView v = new SessionView(
                    id,
                    r.name(),
                    r.metadata(),
                    r.ttl() == null ? 15000 : r.ttl().toMillis(),
                    1000,
                    60000,
                    -1,
                    List.of());
            sessions.put(id, v);
            if (r.idempotencyKey() != null) {
                keyed.put(r.idempotencyKey(), id);
                keys.put(r.idempotencyKey(), r);
            }
            return at(v);
        });
    }

    private KeptAlive keep(String s) {
        if (sessions.containsKey(s)) {
            return new KeptAlive(s, KeptAlive.State.ALIVE, sessions.get(s).ttlMs(), of(s));
        }
        return new KeptAlive(s, ended.contains(s) ? KeptAlive.State.ENDED : KeptAlive.State.UNKNOWN, 0, List.of());
    }

    private List<GrantView> of(String s) {
        return grants.values().stream().filter(g -> g.session().equals(s)).toList();
    }

    @Override
    public Uni<Answer<KeptAlive>> keepAlive(String session) {
        return later(() -> at(keep(session)));
    }

    @Override
    public Uni<Answer<List<KeptAlive>>> keepAlive(List<String> all) {
        return later(() -> at(all.stream().map(this::keep).toList()));
    }

    private SessionView need(String s) {
        if (!sessions.containsKey(s)) {
            throw refused(ended.contains(s) ? Problem.SESSION_ENDED : Problem.SESSION_UNKNOWN, "no " + s);
        }
        SessionView v = sessions.get(s);
        return new SessionView(v.id(), v.name(), v.metadata(), v.ttlMs(), v.ttlMinMs(), v.ttlMaxMs(), -1, of(s));
    }

    private void min(ReadOptions read) {
        if (read.minRevision() != null
                && read.minRevision().compareTo(appliedAt().revision()) > 0) {
            throw refused(Problem.NOT_READY, "not there yet");
        }
    }

    @Override
    public Uni<Answer<SessionView>> session(String session, ReadOptions read) {
        return later(() -> {
            min(read);
            return at(need(session));
        });
    }

    @Override
    public Uni<Answer<Page<SessionView>>> sessions(PageRequest page, ReadOptions read) {
        return later(() -> {
            var all = sessions.values().stream()
                    .filter(s -> s.name().startsWith(page.prefix()) && s.id().compareTo(page.after()) > 0)
                    .toList();
            var some = all.subList(0, Math.min(all.size(), page.limit()));
            return at(new Page<>(
                    some, some.size() < all.size() ? some.get(some.size() - 1).id() : ""));
        });
    }

    @Override
    public Uni<AppliedAt> closeSession(String s) {
        return later(() -> {
            if (!ended.contains(s)) {
                need(s);
            }
            of(s).forEach(g -> drop(g.id()));
            sessions.remove(s);
            ended.add(s);
            counter++;
            return appliedAt();
        });
    }

    private void drop(String id) {
        GrantView g = grants.remove(id);
        if (g != null) {
            endedGrants.add(id);
            lines.get(g.lock()).remove(id);
            settle(g.lock());
        }
    }

    private void settle(String lock) {
        List<String> line = lines.get(lock);
        for (int i = 0; i < line.size(); i++) {
            GrantView g = grants.get(line.get(i));
            boolean first = i == 0;
            grants.put(
                    g.id(),
                    new GrantView(
                            g.id(),
                            lock,
                            g.session(),
                            g.sessionName(),
                            first ? GrantView.State.GRANTED : GrantView.State.WAITING,
                            first ? (g.token() > 0 ? g.token() : ++token) : 0,
                            i,
                            first ? "" : line.get(i - 1),
                            g.waitMs(),
                            1,
                            2,
                            -1,
                            g.metadata(),
                            g.fresh()));
        }
    }

    @Override
    public Uni<Answer<GrantView>> acquire(AcquireRequest r) {
        return later(() -> take(r)).chain(g -> poll(g.id(), r.poll()));
    }

    private GrantView take(AcquireRequest r) {
        GrantView old = grants.get(r.grant());
        if (old != null) {
            if (!old.lock().equals(r.lock())) {
                throw refused(Problem.GRANT_MISMATCH, "other");
            }
            var again = new GrantView(
                    old.id(),
                    old.lock(),
                    old.session(),
                    old.sessionName(),
                    old.state(),
                    old.token(),
                    old.position(),
                    old.behind(),
                    old.waitMs(),
                    1,
                    2,
                    -1,
                    old.metadata(),
                    old.state() == GrantView.State.WAITING);
            grants.put(old.id(), again);
            return again;
        }
        if (endedGrants.contains(r.grant())) {
            throw refused(Problem.GRANT_ENDED, "ended");
        }
        SessionView s = need(r.session());
        List<String> line = lines.computeIfAbsent(r.lock(), l -> new ArrayList<>());
        counter++;
        if (!line.isEmpty() && r.waitFor().isZero()) {
            endedGrants.add(r.grant());
            throw new Refused(Problem.LOCK_HELD, "held", appliedAt(), view(r.lock()));
        }
        line.add(r.grant());
        grants.put(
                r.grant(),
                new GrantView(
                        r.grant(),
                        r.lock(),
                        r.session(),
                        s.name(),
                        GrantView.State.WAITING,
                        0,
                        0,
                        "",
                        r.waitFor().toMillis(),
                        0,
                        0,
                        -1,
                        r.metadata(),
                        true));
        settle(r.lock());
        return grants.get(r.grant());
    }

    private Uni<Answer<GrantView>> poll(String id, Duration poll) {
        long end = System.nanoTime() + poll.toNanos();
        return later(() -> {
                    GrantView g = grants.get(id);
                    if (g == null) {
                        throw refused(Problem.GRANT_ENDED, "ended");
                    }
                    return at(g);
                })
                .onItem()
                .delayIt()
                .by(Duration.ofMillis(5))
                .repeat()
                .until(a -> a.value().state() == GrantView.State.GRANTED || System.nanoTime() > end)
                .collect()
                .last()
                .chain(a -> a == null
                        ? later(() -> at(grants.get(id)))
                        : Uni.createFrom().item(a));
    }

    @Override
    public Uni<Answer<GrantView>> acquire(PrivateAcquireRequest r) {
        return openSession(new SessionRequest(null, r.ttl(), "", ""))
                .chain(s -> acquire(new AcquireRequest(
                        r.grant() == null ? UUID.randomUUID().toString() : r.grant(),
                        s.value().id(),
                        r.lock(),
                        r.waitFor(),
                        r.metadata(),
                        r.poll())));
    }

    @Override
    public Uni<Answer<GrantView>> grant(String grant, Duration poll, ReadOptions read) {
        return later(() -> {
                    min(read);
                    if (!grants.containsKey(grant)) {
                        throw refused(
                                endedGrants.contains(grant) ? Problem.GRANT_ENDED : Problem.GRANT_UNKNOWN, "no grant");
                    }
                    return grant;
                })
                .chain(g -> poll(g, poll));
    }

    @Override
    public Uni<AppliedAt> release(String grant, Long token) {
        return later(() -> {
            GrantView g = grants.get(grant);
            if (g == null && !endedGrants.contains(grant)) {
                throw refused(Problem.GRANT_UNKNOWN, "no grant");
            }
            if (g != null && token != null && g.token() != token) {
                throw refused(Problem.TOKEN_STALE, "stale");
            }
            drop(grant);
            counter++;
            return appliedAt();
        });
    }

    private LockView view(String lock) {
        var line = lines.getOrDefault(lock, List.of()).stream().map(grants::get).toList();
        return new LockView(
                lock, line.stream().limit(1).toList(), line.stream().skip(1).toList(), Math.max(0, line.size() - 1));
    }

    @Override
    public Uni<Answer<LockView>> lock(String lock, ReadOptions read) {
        return later(() -> {
            min(read);
            return at(view(lock));
        });
    }

    @Override
    public Uni<Answer<Page<LockView>>> locks(LockFilter filter, PageRequest page, ReadOptions read) {
        return later(() -> {
            var all = lines.keySet().stream()
                    .filter(l -> l.startsWith(page.prefix()) && l.compareTo(page.after()) > 0)
                    .map(this::view)
                    .filter(v -> !v.holders().isEmpty() && (filter == LockFilter.HELD || v.waiting() > 0))
                    .toList();
            var some = all.subList(0, Math.min(all.size(), page.limit()));
            return at(new Page<>(
                    some, some.size() < all.size() ? some.get(some.size() - 1).name() : ""));
        });
    }

    @Override
    public Uni<Answer<TokenCheck>> checkToken(String lock, long t) {
        return later(() -> {
            var holders = view(lock).holders();
            long current = holders.isEmpty() ? 0 : holders.get(0).token();
            return at(new TokenCheck(current == t, current));
        });
    }

    @Override
    public Uni<Answer<ClusterView>> cluster() {
        return later(() -> at(new ClusterView(
                "holdfast",
                1,
                1,
                1,
                0,
                List.of(new ClusterView.MemberView(
                        1,
                        true,
                        "127.0.0.1:7101",
                        "leader",
                        "broadcast",
                        appliedAt().revision(),
                        appliedAt().revision(),
                        0)))));
    }

    @Override
    public AppliedAt appliedAt() {
        return new AppliedAt(new Revision(1, counter), 1, "leader", 0);
    }
}
