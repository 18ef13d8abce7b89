package io.holdfast.simulator.world;

import io.holdfast.lock.Claim;
import io.holdfast.lock.GrantView;
import io.holdfast.lock.LockView;
import io.holdfast.lock.Mode;
import io.holdfast.simulator.check.LockUse;
import io.holdfast.simulator.check.Operation;
import io.holdfast.simulator.check.Operation.Answered;
import io.holdfast.simulator.check.Operation.Kind;
import io.holdfast.simulator.check.Operation.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One of the things that a client does at a time with its session: one errand after the other, each sent again until it
 * is answered. It trusts in a lock from the answer that gave it to the request that gives it back.
 */
final class Hand {

    private final World world;
    private final Client client;
    private final Dice dice;
    private final Wishes wishes;
    private final List<Hold> holds = new ArrayList<>();

    /** What is under way; null between errands. */
    private @Nullable Errand current;

    /** How often the current errand was sent: more than once, and a copy of it may come late. */
    private int sent;

    /** Tells a chain of steps that its session, and so the chain, is over. */
    private int chain;

    Hand(World world, Client client, Dice dice) {
        this.world = world;
        this.client = client;
        this.dice = dice;
        this.wishes = new Wishes(world, client, this, dice);
    }

    boolean isIdle() {
        return current == null;
    }

    /** Returns what is held, as far as this client was told. */
    List<Hold> holds() {
        return holds;
    }

    /** Returns whether it has a lock, or wants it, or gives it back. */
    boolean uses(String lock) {
        Errand errand = current;
        return holds.stream().anyMatch(hold -> hold.claim(lock) != null)
                || (errand != null
                        && errand.isAboutOwn()
                        && errand.operation().claims().stream()
                                .anyMatch(claim -> claim.lock().equals(lock)));
    }

    /** A session was opened. */
    void begin() {
        chain++;
        holds.clear();
        next();
    }

    void sessionLost() {
        chain++;
        holds.clear();
        Errand unanswered = current;
        current = null;
        if (unanswered != null) {
            client.note("gives up %s", unanswered.operation());
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
        if (client.session() == 0 || (client.isStopping() && holds.isEmpty())) {
            return;
        }
        long think = client.isStopping() ? 1 : dice.below(world.profile().thinkMillis()) + 1;
        later(think * Scheduler.MILLI, () -> {
            holds.forEach(this::use);
            Errand errand = client.isStopping() ? wishes.toEnd() : wishes.next();
            if (errand == null) {
                next();
            } else {
                begin(errand);
            }
        });
    }

    // ---- errands ----

    private void begin(Errand errand) {
        Hold hold = errand.hold();
        if (hold != null) {
            sentAbout(errand.operation().kind(), hold);
        }
        current = errand;
        sent = 0;
        world.invariants().operation(errand.operation());
        send(errand);
    }

    /** While it is unknown what a request did, its client believes in no more than is sure. */
    private void sentAbout(Kind kind, Hold hold) {
        if (kind == Kind.CLOSE) {
            client.close();
        } else if (kind == Kind.CHANGE) {
            hold.become(hold.claimsAs(Mode.SHARED), hold.token());
        } else {
            holds.remove(hold);
        }
    }

    private void send(Errand errand) {
        int expected = chain;
        int attempt = ++sent;
        client.send(
                process -> {
                    if (errand.command() == null) {
                        process.readLatest(new Answer(this, errand, attempt));
                    } else {
                        new Entrance(process).submit(errand.command(), new Answer(this, errand, attempt));
                    }
                },
                () -> {
                    if (isUnderWay(errand) && chain == expected && attempt == sent) {
                        client.tryAnother();
                        again(errand);
                    }
                });
    }

    private void again(Errand errand) {
        Operation operation = errand.operation();
        if (operation.kind() == Kind.ACQUIRE && world.scheduler().now() > errand.giveUpAt()) {
            client.note("cancels %s", operation.grant());
            begin(wishes.cancel(operation));
        } else {
            send(errand);
        }
    }

    private boolean isUnderWay(Errand errand) {
        Errand present = current;
        return present != null && present.operation() == errand.operation();
    }

    // ---- answers, from the server's side of the network ----

    void told(Errand errand, Answered answered) {
        client.told(() -> {
            if (isUnderWay(errand)) {
                ended(errand, answered);
            }
        });
    }

    void sessionOver(Errand errand, Answered answered) {
        client.told(() -> {
            if (isUnderWay(errand)) {
                answer(errand, answered);
                client.sessionEnded(errand.operation().session());
            }
        });
    }

    void stillWaits(Errand errand, int attempt) {
        client.told(() -> {
            if (isUnderWay(errand) && attempt == sent) {
                again(errand);
            }
        });
    }

    void saw(LockView lock) {
        client.told(() -> wishes.saw(lock));
    }

    /** What the answering server knows of a grant that is held. */
    void looked(Hold hold, @Nullable GrantView view, boolean ended) {
        if (ended && holds.remove(hold)) {
            client.note("is told that it lost %s", hold.grant());
        } else if (view != null && view.yield() != null) {
            hold.ask(view.yield().to());
        }
    }

    // ---- answers, at the client ----

    private void answer(Errand errand, Answered answered) {
        current = null;
        errand.operation().end(world.scheduler().now(), answered, sent > 1);
        client.note("%s", errand.operation());
        world.answered(errand.operation());
    }

    private void ended(Errand errand, Answered answered) {
        answer(errand, answered);
        Operation operation = errand.operation();
        Hold hold = errand.hold();
        Errand follows = null;
        boolean done = answered.outcome() == Outcome.DONE;
        if (operation.kind() == Kind.CLOSE) {
            client.sessionEnded(operation.session());
        } else if (operation.kind() == Kind.ACQUIRE && done) {
            Hold got = new Hold(operation.grant(), operation.claims(), answered.token());
            holds.add(got);
            use(got);
        } else if (operation.kind() == Kind.RELEASE && !done) {
            // It was never there as far as the server knows, but may still come.
            client.avoid(operation.claims());
        } else if (hold != null && operation.kind() == Kind.CHANGE) {
            follows = changed(operation, answered, hold);
        } else if (hold != null && operation.kind() == Kind.TRANSFER && answered.outcome() == Outcome.REFUSED) {
            follows = keepsOrGivesBack(hold);
        }
        if (follows == null) {
            next();
        } else {
            begin(follows);
        }
    }

    private @Nullable Errand changed(Operation operation, Answered answered, Hold hold) {
        if (answered.outcome() == Outcome.DONE) {
            hold.become(operation.claims(), answered.token());
            return null;
        }
        // Another copy may have made it exclusive, or still do it, with a token that this client does not know.
        boolean doubtful = answered.outcome() == Outcome.ENDED || sent > 1;
        return doubtful && holds.contains(hold) ? wishes.giveBack(hold, true) : null;
    }

    /** A hand-over was refused, but another copy of it may still come: then the lock is not to be trusted any more. */
    private @Nullable Errand keepsOrGivesBack(Hold hold) {
        if (sent > 1) {
            return wishes.giveBack(hold, false);
        }
        holds.add(hold);
        return null;
    }

    // ---- what is held ----

    private void use(Hold hold) {
        for (Claim claim : hold.claims()) {
            LockUse.Believer mine = believer(hold, claim.lock());
            if (mine == null) {
                return;
            }
            List<LockUse.Believer> others = new ArrayList<>();
            for (Client other : world.clients()) {
                for (Hand hand : other.hands()) {
                    hand.believe(claim.lock(), hold, others);
                }
            }
            world.invariants().used(new LockUse(mine, others));
        }
    }

    private void believe(String lock, Hold asking, List<LockUse.Believer> believers) {
        for (Hold hold : holds) {
            LockUse.Believer believer = hold == asking ? null : believer(hold, lock);
            if (believer != null) {
                believers.add(believer);
            }
        }
    }

    /** Returns this client as one who would use the lock now; null when it would not. */
    private LockUse.@Nullable Believer believer(Hold hold, String lock) {
        Claim claim = hold.claim(lock);
        return claim == null || !client.believes()
                ? null
                : new LockUse.Believer(client.number(), claim, hold.grant(), hold.token());
    }
}
