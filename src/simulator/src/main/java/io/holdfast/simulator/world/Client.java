package io.holdfast.simulator.world;

import io.holdfast.lock.Applied;
import io.holdfast.lock.Claim;
import io.holdfast.lock.Command;
import io.holdfast.lock.GrantView;
import io.holdfast.lock.LockTable;
import io.holdfast.lock.Result;
import io.holdfast.lock.lease.Deadlines;
import io.holdfast.simulator.check.Confirmation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A client process: it keeps a session alive by its own clock, tries one server after the other, and uses locks only
 * while it may believe in its session (protocol.md#t3).
 */
final class Client {

    private static final long ANSWER_NANOS = 1_500 * Scheduler.MILLI;

    private final World world;
    private final int number;
    private final Dice dice;
    private final Clock clock;
    private final List<Hand> hands = new ArrayList<>();

    /** Locks for which a ticket of this session may still be under way. */
    private final Set<String> avoided = new HashSet<>();

    private final long lockDelayMillis;
    private final Queue<Runnable> backlog = new ArrayDeque<>();
    private final long ttlMillis;
    private int keys;
    private int grants;
    private int server;

    /** 0 while there is none. */
    private long session;

    /** Until when this client may believe in its session, by its own clock. */
    private long validUntil;

    private long pausedUntil;
    private long slowNanos;
    private int cuts;
    private boolean opening;
    private boolean closing;
    private boolean dead;
    private boolean stopping;

    Client(World world, int number, Dice dice) {
        this.world = world;
        this.number = number;
        this.dice = dice;
        this.clock =
                new Clock(dice.between(0, 1_000_000_000_000L), world.profile().drift(dice));
        this.ttlMillis = dice.between(500, 6_000);
        this.server = dice.below(64);
        this.lockDelayMillis = world.habits().lockDelayMillis() == 0
                ? 0
                : dice.below(world.habits().lockDelayMillis());
        for (int i = 0; i < world.habits().hands(); i++) {
            hands.add(new Hand(world, this, dice));
        }
    }

    void begin() {
        after(dice.between(0, 2_000 * Scheduler.MILLI), this::live);
    }

    int number() {
        return number;
    }

    String name() {
        return "client-" + number;
    }

    List<Hand> hands() {
        return hands;
    }

    String nextGrant() {
        return "grant-" + number + "-" + ++grants;
    }

    /** Returns whether this session has something at a lock, or may have: it asks for nothing there meanwhile. */
    boolean uses(String lock) {
        return avoided.contains(lock) || hands.stream().anyMatch(hand -> hand.uses(lock));
    }

    /** A ticket for these may come to light late. */
    void avoid(List<Claim> claims) {
        claims.forEach(claim -> avoided.add(claim.lock()));
    }

    long session() {
        return session;
    }

    long ttlMillis() {
        return ttlMillis;
    }

    boolean isDead() {
        return dead;
    }

    boolean isStopping() {
        return stopping;
    }

    /** Returns whether nothing is under way. */
    boolean isIdle() {
        return dead || (!opening && hands.stream().allMatch(Hand::isIdle));
    }

    /** Ends what is under way and begins nothing new. */
    void stop() {
        stopping = true;
    }

    void die() {
        if (!stopping) {
            dead = true;
            note("DIES");
        }
    }

    void pause(long millis) {
        long until = world.scheduler().now() + millis * Scheduler.MILLI;
        if (!dead && until > pausedUntil) {
            pausedUntil = until;
            world.scheduler().at(until, this::resume);
        }
    }

    /** Nothing gets from this client to any server or back, for as long as it is cut. */
    void cut(boolean on) {
        cuts += on ? 1 : -1;
    }

    /** Answers take that much longer, or no longer than usual. */
    void slow(long millis) {
        slowNanos = millis * Scheduler.MILLI;
    }

    private void resume() {
        while (pausedUntil <= world.scheduler().now() && !backlog.isEmpty()) {
            backlog.remove().run();
        }
    }

    /** The next server: a client that was not answered goes on to another one. */
    void tryAnother() {
        server++;
    }

    /** Does something in this process, unless it is dead, and after a pause if it is paused. */
    void run(Runnable action) {
        if (dead) {
            return;
        }
        if (pausedUntil > world.scheduler().now() || !backlog.isEmpty()) {
            backlog.add(action);
        } else {
            action.run();
        }
    }

    void after(long nanos, Runnable action) {
        world.scheduler().after(clock.trueNanos(nanos), () -> run(action));
    }

    /** Sends a request; {@code silent} runs when nobody has answered in time. */
    void send(Network.RequestAt request, Runnable silent) {
        List<Node> doors = world.doors(server);
        Node node = doors.get(server % doors.size());
        if (cuts == 0) {
            world.network().request(node.id(), request);
        }
        after(ANSWER_NANOS, silent);
    }

    /** Takes an answer back to this process, unless it is lost. */
    void told(Runnable answer) {
        world.network().answer(slowNanos, () -> {
            if (cuts == 0) {
                run(answer);
            }
        });
    }

    // ---- the session ----

    /** Returns whether this client believes, without asking anybody, that its session lives. */
    boolean believes() {
        return session != 0 && !closing && !dead && clock.read(world.scheduler().now()) < validUntil;
    }

    private void live() {
        if (session != 0 && !believes()) {
            note("LOST session %s", session);
            forget();
        }
        if (session == 0 && !opening && !stopping) {
            open();
        } else if (session != 0 && !stopping) {
            keepAlive();
        }
        after(ttlMillis * Scheduler.MILLI / 3, this::live);
    }

    /** One of its hands ends the session: none of them trusts in it any more. */
    void close() {
        closing = true;
    }

    /** The session is over for this client, whatever the servers say. */
    void forget() {
        session = 0;
        closing = false;
        avoided.clear();
        hands.forEach(Hand::sessionLost);
    }

    private void open() {
        opening = true;
        String key = "key-" + number + "-" + ++keys;
        long firstSent = world.scheduler().now();
        open(Commands.open(key, ttlMillis, name(), lockDelayMillis), firstSent);
    }

    private void open(LongFunction<Command> command, long firstSent) {
        int attempt = keys;
        send(
                process -> new Entrance(process).submit(command, new Reply() {
                    @Override
                    public void answered(ServerProcess at, @Nullable Applied applied) {
                        if (applied != null && applied.result() instanceof Result.SessionOpened opened) {
                            long id = opened.session().id();
                            confirm(id, firstSent);
                            told(() -> opened(attempt, id, firstSent));
                        } else {
                            told(() -> openFailed(attempt));
                        }
                    }

                    @Override
                    public void failed() {}
                }),
                () -> {
                    if (opening && attempt == keys) {
                        tryAnother();
                        open(command, firstSent);
                    }
                });
    }

    private void opened(int attempt, long id, long firstSent) {
        if (opening && attempt == keys) {
            opening = false;
            session = id;
            validUntil = validFrom(firstSent);
            note("has session %s", id);
            hands.forEach(Hand::begin);
        }
    }

    private void openFailed(int attempt) {
        if (opening && attempt == keys) {
            opening = false;
        }
    }

    private void keepAlive() {
        long id = session;
        long sentAt = world.scheduler().now();
        boolean[] answered = new boolean[1];
        send(
                process -> process.keepAlive(id, new Reply() {
                    @Override
                    public void answered(ServerProcess at, @Nullable Applied applied) {
                        if (at.table().session(id) == null) {
                            told(() -> sessionEnded(id));
                            return;
                        }
                        confirm(id, sentAt);
                        List<Runnable> news = newsOf(at.table());
                        told(() -> {
                            answered[0] = true;
                            if (session == id) {
                                validUntil = Math.max(validUntil, validFrom(sentAt));
                                news.forEach(Runnable::run);
                            }
                        });
                    }

                    @Override
                    public void failed() {}
                }),
                () -> {
                    if (!answered[0]) {
                        tryAnother();
                    }
                });
    }

    /** Returns what the answering server knows of the grants that this client thinks it has, for the way back to it. */
    private List<Runnable> newsOf(LockTable table) {
        List<Runnable> news = new ArrayList<>();
        for (Hand hand : hands) {
            for (Hold hold : hand.holds()) {
                GrantView view = table.grant(hold.grant());
                boolean ended = table.endedGrant(hold.grant()) != null;
                news.add(() -> hand.looked(hold, view, ended));
            }
        }
        return news;
    }

    /** A server told this client that its session is gone. */
    void sessionEnded(long id) {
        if (session == id) {
            note("is told that session %s ended", id);
            forget();
        }
    }

    private void confirm(long id, long sentAt) {
        world.invariants().confirmed(new Confirmation(id, sentAt, clock.trueTimeOf(validFrom(sentAt))));
    }

    /** protocol.md#t3: from when it was sent, by this clock, for the ttl shortened by the drift bound. */
    private long validFrom(long sentAt) {
        long ttl = ttlMillis * Scheduler.MILLI;
        return clock.read(sentAt) + ttl - ttl / 1000 * Deadlines.DRIFT_PER_MILLE;
    }

    @SuppressWarnings("AnnotateFormatMethod")
    void note(String format, @Nullable Object... arguments) {
        if (world.timeline().isOn()) {
            world.timeline().add(world.scheduler().now(), name(), String.format(format, arguments));
        }
    }
}
