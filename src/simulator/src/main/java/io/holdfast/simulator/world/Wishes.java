package io.holdfast.simulator.world;

import io.holdfast.lock.Claim;
import io.holdfast.lock.Command;
import io.holdfast.lock.GrantView;
import io.holdfast.lock.LockView;
import io.holdfast.lock.Mode;
import io.holdfast.lock.Rules;
import io.holdfast.simulator.check.Operation;
import io.holdfast.simulator.check.Operation.Kind;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** What one hand of a client does next, drawn by the {@link Habits} of its world. */
final class Wishes {

    /** One release of so many leaves its locks closed. */
    private static final int CLOSINGS = 8;

    private static final int LEAST_CLOSED_MILLIS = 100;

    private static final int HOLDS_MAX = 3;

    private final World world;
    private final Habits habits;
    private final Client client;
    private final Hand hand;
    private final Dice dice;

    /** Locks as they were when they were read, each used once. */
    private final Map<String, LockView> seen = new TreeMap<>();

    Wishes(World world, Client client, Hand hand, Dice dice) {
        this.world = world;
        this.habits = world.habits();
        this.client = client;
        this.hand = hand;
        this.dice = dice;
    }

    void saw(LockView lock) {
        seen.put(lock.name(), lock);
    }

    /** Returns the next errand; null to go on with what is held. */
    @Nullable
    Errand next() {
        List<Hold> holds = hand.holds();
        if (chance(habits.breakPerCent())) {
            return takeAway();
        }
        if (!holds.isEmpty()) {
            return ofHolder(holds.get(holds.size() - 1));
        }
        if (chance(habits.transferPerCent() / 2)) {
            return ask();
        }
        return dice.oneIn(5) ? read(anyLock()) : acquire();
    }

    /** Returns what gives back the last thing that is held. */
    @Nullable
    Errand toEnd() {
        List<Hold> holds = hand.holds();
        return holds.isEmpty() ? null : giveBack(holds.get(holds.size() - 1), false);
    }

    private @Nullable Errand ofHolder(Hold hold) {
        String asked = hold.asked();
        if (asked != null) {
            return giveTo(hold, asked);
        }
        if (hand.holds().size() < HOLDS_MAX && chance(habits.nestPerCent())) {
            return acquire();
        }
        if (!hold.isSemaphore() && chance(habits.changePerCent())) {
            return change(hold);
        }
        if (chance(habits.transferPerCent())) {
            return handOver(hold);
        }
        if (!dice.oneIn(4)) {
            return null;
        }
        return dice.oneIn(12) ? close(hold) : giveBack(hold, false);
    }

    private boolean chance(int perCent) {
        return perCent > 0 && dice.below(100) < perCent;
    }

    private String anyLock() {
        return nameOf(dice.below(habits.limits().size()));
    }

    private static String nameOf(int lock) {
        return "lock-" + lock;
    }

    // ---- to take ----

    private Errand acquire() {
        Map<String, Claim> claims = new TreeMap<>();
        Hold reader = hand.holds().size() == 1 ? hand.holds().get(0) : null;
        if (reader != null && reader.isShared() && dice.oneIn(4)) {
            // A reader that wants to write, but does not let go: two of them wait for each other.
            String lock = reader.claims().get(0).lock();
            claims.put(lock, Claim.exclusive(lock));
        } else {
            int count = chance(habits.setPerCent()) ? 2 + dice.below(3) : 1;
            int first = dice.below(habits.limits().size());
            for (int i = 0; i < habits.limits().size() && claims.size() < count; i++) {
                int lock = (first + i) % habits.limits().size();
                if (!client.uses(nameOf(lock))) {
                    claims.put(nameOf(lock), claim(lock));
                }
            }
        }
        if (claims.isEmpty()) {
            return read(anyLock());
        }
        long wait = dice.below(8) < 3 ? 0 : 100 + dice.below(8_000);
        String grant = client.nextGrant();
        List<Claim> asked = List.copyOf(claims.values());
        return new Errand(
                operation(Kind.ACQUIRE, asked, grant),
                Commands.acquire(grant, client.session(), asked, wait),
                null,
                dice.oneIn(4) ? world.scheduler().now() + wait * Scheduler.MILLI / 2 : Long.MAX_VALUE);
    }

    private Claim claim(int lock) {
        int limit = habits.limits().get(lock);
        if (limit > 0) {
            // Now and then with another limit than the others have.
            int wanted = dice.oneIn(40) ? limit + 1 : limit;
            return Claim.semaphore(nameOf(lock), 1 + dice.below(limit), wanted);
        }
        return chance(habits.sharedPerCent()) ? Claim.shared(nameOf(lock)) : Claim.exclusive(nameOf(lock));
    }

    private Errand read(String lock) {
        if (dice.oneIn(2)) {
            // Also of servers that nobody else asks any more, because they were slow or away.
            client.tryAnother();
        }
        return new Errand(operation(Kind.READ, List.of(Claim.shared(lock)), ""), null, null);
    }

    // ---- to change, and to give back ----

    private Errand change(Hold hold) {
        Mode mode = hold.isShared() ? Mode.EXCLUSIVE : Mode.SHARED;
        return new Errand(
                operation(Kind.CHANGE, hold.claimsAs(mode), hold.grant()),
                Commands.changeMode(hold.grant(), hold.token(), mode),
                hold);
    }

    /** Ends a grant; when it is in doubt which token it has, whichever it is. */
    Errand giveBack(Hold hold, boolean doubtful) {
        long token = doubtful || dice.oneIn(2) ? 0 : hold.token();
        LongFunction<Command> release = Commands.release(hold.grant(), token);
        // By the name of the grant and not by dice, so that worlds without it go the way they went.
        int name = hold.grant().hashCode();
        if (habits.lockDelayMillis() > 0 && Math.floorMod(name, CLOSINGS) == 0) {
            int millis = LEAST_CLOSED_MILLIS
                    + Math.floorMod(name / CLOSINGS, habits.lockDelayMillis() - LEAST_CLOSED_MILLIS + 1);
            LongFunction<Command> closing = Commands.release(hold.grant(), token, millis);
            // The first level of a world knows it, or all of its clients do without.
            boolean isKnown = Rules.at(world.identity().firstLevel()).refusal(closing.apply(0)) == null;
            release = isKnown ? closing : release;
        }
        return new Errand(operation(Kind.RELEASE, hold.claims(), hold.grant()), release, hold);
    }

    /** Agrees to a wish: by the rules of old a release does, and by those of today only if it names the ticket. */
    private Errand giveTo(Hold hold, String to) {
        if (Rules.at(world.identity().firstLevel()).wishesDecide()) {
            return giveBack(hold, false);
        }
        return new Errand(
                operation(Kind.RELEASE, hold.claims(), hold.grant()),
                Commands.release(hold.grant(), hold.token(), to),
                hold);
    }

    /** Leaves the line. */
    Errand cancel(Operation acquire) {
        return new Errand(
                operation(Kind.RELEASE, acquire.claims(), acquire.grant()), Commands.release(acquire.grant(), 0), null);
    }

    private Errand close(Hold hold) {
        return new Errand(operation(Kind.CLOSE, hold.claims(), hold.grant()), Commands.close(client.session()), hold);
    }

    // ---- what others have ----

    private Errand handOver(Hold hold) {
        String lock = hold.claims().get(dice.below(hold.claims().size())).lock();
        LockView view = seen.remove(lock);
        if (view == null || view.waiters().isEmpty()) {
            return read(lock);
        }
        String to = anyOf(view.waiters()).id();
        if (dice.oneIn(2)) {
            return ask(hold.claims(), hold.grant(), to);
        }
        return new Errand(
                operation(Kind.TRANSFER, hold.claims(), hold.grant()),
                Commands.transfer(hold.grant(), hold.token(), to),
                hold);
    }

    private Errand ask() {
        String lock = anyLock();
        LockView view = seen.remove(lock);
        if (view == null || view.waiters().isEmpty() || view.holders().isEmpty()) {
            return read(lock);
        }
        return ask(
                List.of(Claim.shared(lock)),
                anyOf(view.holders()).id(),
                anyOf(view.waiters()).id());
    }

    private Errand ask(List<Claim> claims, String holder, String to) {
        long drain = dice.between(100, 4_000);
        return new Errand(operation(Kind.ASK, claims, holder), Commands.ask(holder, to, drain), null);
    }

    private Errand takeAway() {
        String lock = anyLock();
        LockView view = seen.remove(lock);
        if (view == null || (view.holders().isEmpty() && view.waiters().isEmpty())) {
            return read(lock);
        }
        // A lock without a holder is kept from others by a ticket for several locks, or closed.
        GrantView holder = anyOf(view.holders().isEmpty() ? view.waiters() : view.holders());
        boolean warns = dice.oneIn(2);
        long after = warns ? dice.between(100, 3_000) : 0;
        long token = dice.oneIn(2) ? holder.token() : 0;
        LongFunction<Command> command = Commands.breakUp(lock, holder.id(), token, after);
        return new Errand(operation(warns ? Kind.WARN : Kind.BREAK, holder.claims(), holder.id()), command, null);
    }

    private GrantView anyOf(List<GrantView> grants) {
        return grants.get(dice.below(grants.size()));
    }

    private Operation operation(Kind kind, List<Claim> claims, String grant) {
        return new Operation(
                client.number(),
                kind,
                claims,
                grant,
                client.session(),
                world.scheduler().now());
    }
}
