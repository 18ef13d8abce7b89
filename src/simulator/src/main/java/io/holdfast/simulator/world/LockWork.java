package io.holdfast.simulator.world;

import io.holdfast.lock.Applied;
import io.holdfast.lock.Cause;
import io.holdfast.lock.Command;
import io.holdfast.lock.EndedView;
import io.holdfast.lock.GrantView;
import io.holdfast.lock.LockView;
import io.holdfast.lock.Result;
import io.holdfast.simulator.check.LockUse;
import io.holdfast.simulator.check.Operation;
import io.holdfast.simulator.check.Operation.Kind;
import io.holdfast.simulator.check.Operation.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** What a client does with its session: one operation after the other, each sent again until it is answered. */
final class LockWork {

    private static final long HOLD_NANOS = 1_000 * Scheduler.MILLI;

    private final World world;
    private final Client client;
    private final Dice dice;
    private int grants;

    /** What is under way; null between operations. */
    private @Nullable Operation current;

    private @Nullable LongFunction<Command> command;

    /** The lock that is held, as far as this client was told. */
    private String held = "";

    private String heldGrant = "";
    private long token;
    private long giveUpAt;

    /** Tells a chain of steps that its session, and so the chain, is over. */
    private int chain;

    LockWork(World world, Client client, Dice dice) {
        this.world = world;
        this.client = client;
        this.dice = dice;
    }

    boolean isIdle() {
        return current == null;
    }

    /** Returns whether this client would use that lock now, and with which token; 0 when not. */
    long believedToken(String lock) {
        return held.equals(lock) && client.believes() ? token : 0;
    }

    /** A session was opened. */
    void begin() {
        chain++;
        held = "";
        next();
    }

    void sessionLost() {
        held = "";
        token = 0;
        chain++;
        Operation unanswered = current;
        current = null;
        if (unanswered != null) {
            client.note("gives up %s", unanswered);
        }
    }

    private void later(long nanos, Runnable action) {
        int expected = chain;
        client.after(nanos, () -> {
            if (chain == expected) {
                action.run();
            }
        });
    }

    private void next() {
        if (client.session() == 0 || (client.isStopping() && held.isEmpty())) {
            return;
        }
        long think = client.isStopping() ? 1 : dice.below(world.profile().thinkMillis()) + 1;
        later(think * Scheduler.MILLI, () -> {
            if (!held.isEmpty()) {
                useAndGiveBack(dice.below(6));
            } else if (!client.isStopping()) {
                begin(dice.below(10));
            }
        });
    }

    private void begin(int choice) {
        String lock = "lock-" + dice.below(world.profile().locks());
        if (choice < 2) {
            read(lock);
        } else {
            acquire(lock, choice < 5 ? 0 : 100 + dice.below(8_000));
        }
    }

    // ---- acquire ----

    private void acquire(String lock, long waitMillis) {
        String grant = "grant-" + client.number() + "-" + ++grants;
        command = Commands.acquire(grant, client.session(), lock, waitMillis);
        giveUpAt = dice.oneIn(4) ? world.scheduler().now() + waitMillis * Scheduler.MILLI / 2 : Long.MAX_VALUE;
        begin(new Operation(
                client.number(),
                Kind.ACQUIRE,
                lock,
                grant,
                client.session(),
                world.scheduler().now()));
    }

    private void begin(Operation operation) {
        current = operation;
        world.invariants().operation(operation);
        send(operation);
    }

    private void send(Operation operation) {
        LongFunction<Command> wanted = command;
        int expected = chain;
        client.send(
                process -> {
                    if (wanted == null) {
                        process.readLatest(new Answer(operation));
                    } else {
                        process.submit(wanted, new Answer(operation));
                    }
                },
                () -> {
                    if (current == operation && chain == expected) {
                        client.tryAnother();
                        again(operation);
                    }
                });
    }

    private void again(Operation operation) {
        if (operation.kind() == Kind.ACQUIRE && world.scheduler().now() > giveUpAt) {
            client.note("cancels %s", operation.grant());
            command = Commands.release(operation.grant(), 0);
            begin(new Operation(
                    client.number(),
                    Kind.RELEASE,
                    operation.lock(),
                    operation.grant(),
                    operation.session(),
                    world.scheduler().now()));
        } else {
            send(operation);
        }
    }

    /** Turns what the table of the answering server says into an answer for the client. */
    private final class Answer implements Reply {
        private final Operation operation;

        Answer(Operation operation) {
            this.operation = operation;
        }

        @Override
        public void failed() {
            // The client hears nothing, and asks another server.
        }

        @Override
        public void answered(ServerProcess at, @Nullable Applied applied) {
            Result result = applied == null ? null : applied.result();
            if (result == null) {
                LockView lock = at.table().lock(operation.lock(), 0);
                long holder =
                        lock.holders().isEmpty() ? 0 : lock.holders().get(0).token();
                tell(at, Outcome.DONE, holder);
            } else if (result instanceof Result.Granted granted) {
                tell(at, Outcome.DONE, granted.grant().token());
            } else if (result instanceof Result.Waiting) {
                at.hold(operation.grant(), HOLD_NANOS, () -> look(at));
            } else if (result instanceof Result.LockHeld) {
                tell(at, Outcome.REFUSED, 0);
            } else if (result instanceof Result.GrantEnded ended) {
                tell(at, outcomeOf(ended.cause(), ended.token()), 0);
            } else if (result instanceof Result.Released
                    || result instanceof Result.Cancelled
                    || result instanceof Result.SessionClosed
                    || result instanceof Result.Gone) {
                tell(at, Outcome.DONE, 0);
            } else {
                tell(at, Outcome.ENDED, 0);
            }
        }

        private void look(ServerProcess at) {
            GrantView view = at.table().grant(operation.grant());
            EndedView ended = at.table().endedGrant(operation.grant());
            if (view != null && view.granted()) {
                tell(at, Outcome.DONE, view.token());
            } else if (ended != null) {
                tell(at, outcomeOf(ended.cause(), ended.token()), 0);
            } else {
                client.told(() -> {
                    if (current == operation) {
                        again(operation);
                    }
                });
            }
        }

        private Outcome outcomeOf(Cause cause, long endedToken) {
            boolean refused = cause == Cause.REFUSED || cause == Cause.WAIT_OVER;
            return refused && endedToken == 0 ? Outcome.REFUSED : Outcome.ENDED;
        }

        private void tell(ServerProcess at, Outcome outcome, long seen) {
            long revision = at.table().revision();
            client.told(() -> {
                if (current == operation) {
                    ended(operation, outcome, seen, revision);
                }
            });
        }
    }

    private void ended(Operation operation, Outcome outcome, long seen, long revision) {
        current = null;
        operation.end(world.scheduler().now(), outcome, seen, revision);
        client.note("%s", operation);
        world.answered(operation);
        if (operation.kind() == Kind.ACQUIRE && outcome == Outcome.DONE) {
            held = operation.lock();
            heldGrant = operation.grant();
            token = seen;
            use();
        } else if (operation.kind() == Kind.CLOSE || (operation.kind() == Kind.ACQUIRE && outcome == Outcome.ENDED)) {
            client.sessionEnded(operation.session());
        }
        next();
    }

    // ---- the lock is held ----

    private void use() {
        long mine = believedToken(held);
        if (mine == 0) {
            return;
        }
        List<Integer> others = new ArrayList<>();
        for (Client other : world.clients()) {
            if (other != client && other.work().believedToken(held) != 0) {
                others.add(other.number());
            }
        }
        world.invariants().used(new LockUse(client.number(), held, mine, others));
    }

    private void useAndGiveBack(int uses) {
        use();
        if (uses > 0 && !client.isStopping()) {
            later((1 + dice.below(world.profile().thinkMillis())) * Scheduler.MILLI, () -> useAndGiveBack(uses - 1));
            return;
        }
        String lock = held;
        held = "";
        boolean closes = dice.oneIn(12);
        command = closes ? Commands.close(client.session()) : Commands.release(heldGrant, dice.oneIn(2) ? token : 0);
        Kind kind = closes ? Kind.CLOSE : Kind.RELEASE;
        begin(new Operation(
                client.number(),
                kind,
                lock,
                heldGrant,
                client.session(),
                world.scheduler().now()));
    }

    private void read(String lock) {
        command = null;
        if (dice.oneIn(2)) {
            // Also of servers that nobody else asks any more, because they were slow or away.
            client.tryAnother();
        }
        begin(new Operation(
                client.number(),
                Kind.READ,
                lock,
                "",
                client.session(),
                world.scheduler().now()));
    }
}
