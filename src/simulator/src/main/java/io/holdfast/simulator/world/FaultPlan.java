package io.holdfast.simulator.world;

import io.holdfast.simulator.world.Fault.Kind;
import io.holdfast.zab.core.LogRecord;
import io.holdfast.zab.core.message.NewLeader;
import io.holdfast.zab.core.message.UpToDate;
import java.util.ArrayList;
import java.util.List;

/** Which faults a world meets and when, drawn from its seed: some kinds only, each as often as the seed wants. */
final class FaultPlan {

    private FaultPlan() {}

    private static final List<Kind> OF_LEADERS = List.of(
            Kind.KILL, Kind.POWER_CUT, Kind.ISOLATE, Kind.DIE_AT_MOMENT, Kind.SUSPEND, Kind.STUCK_FSYNC, Kind.HAND_OFF);

    /** One world in so many has clients that hear late: what they make of it needs two faults, one after the other. */
    private static final int LATE_EVERY = 64;

    /** Returns what happens in a world, and what happens to its disks and releases if they matter. */
    static List<Fault> of(long seed, Profile profile, Turnover turnover, Identity identity, Dice dice, Dice ofDisks) {
        List<Fault> faults = of(seed, profile, turnover, dice);
        if (!identity.isTold()) {
            return faults;
        }
        List<Fault> all = new ArrayList<>(faults);
        int servers = profile.servers() + turnover.spares();
        for (long at = 1_500; at < profile.stormMillis(); at += ofDisks.between(200, identity.paceMillis())) {
            Kind kind = identity.kinds().get(ofDisks.below(identity.kinds().size()));
            int server = ofDisks.oneIn(4) ? 0 : 1 + ofDisks.below(servers);
            all.add(new Fault(all.size(), at, kind, server, 1, ofDisks.between(5, 1_500), ofDisks.below(1 << 16)));
        }
        return all;
    }

    /** Returns what happens in a world, in a world whose members change that too. */
    private static List<Fault> of(long seed, Profile profile, Turnover turnover, Dice dice) {
        int servers = profile.servers() + turnover.spares();
        if (turnover.isNone()) {
            return of(seed, profile, servers, dice);
        }
        List<Fault> faults = new ArrayList<>(
                switch (turnover.weather()) {
                    case 0 -> List.of();
                    case 1 -> duel(profile, servers, dice);
                    default -> of(seed, profile, servers, dice);
                });
        faults.addAll(changes(faults.size(), profile, turnover, servers, dice));
        return faults;
    }

    private static List<Fault> changes(int first, Profile profile, Turnover turnover, int servers, Dice dice) {
        List<Fault> faults = new ArrayList<>();
        for (long at = 1_000; at < profile.stormMillis(); at += dice.between(100, turnover.paceMillis())) {
            Kind kind = turnover.kinds().get(dice.below(turnover.kinds().size()));
            int server = 1 + dice.below(servers);
            int other = 1 + dice.below(servers);
            faults.add(new Fault(
                    first + faults.size(), at, kind, server, other, dice.between(100, 2_500), dice.below(1 << 16)));
        }
        return faults;
    }

    private static List<Fault> of(long seed, Profile profile, int servers, Dice dice) {
        if (seed % LATE_EVERY == 0) {
            return late(profile, dice);
        }
        int style = dice.below(100);
        if (style < 10 && profile.voters() == 3) {
            return relay(profile, dice);
        }
        return style < 25 ? duel(profile, servers, dice) : storm(profile, servers, dice);
    }

    /**
     * Servers die at the moments that make histories differ, and come back at different times: after they logged what
     * nobody else has, and just when they took over.
     */
    private static List<Fault> relay(Profile profile, Dice dice) {
        List<Class<?>> moments =
                List.of(LogRecord.Append.class, LogRecord.Append.class, UpToDate.class, NewLeader.class);
        List<Fault> faults = new ArrayList<>();
        for (long at = 300; at < profile.stormMillis(); at += dice.between(150, 1_800)) {
            int detail = Faults.detailOf(moments.get(dice.below(moments.size())));
            faults.add(new Fault(faults.size(), at, Kind.DIE_AT_MOMENT, 1, 1, dice.between(300, 3_500), detail));
        }
        return faults;
    }

    /** A client whose answers are late stands still while one is on its way, often longer than its session lives. */
    private static List<Fault> late(Profile profile, Dice dice) {
        List<Fault> faults = new ArrayList<>();
        for (long at = 2_000; at < profile.stormMillis(); at += dice.between(3_000, 9_000)) {
            int client = dice.below(1 << 16);
            long pauseAt = at + dice.between(300, 3_500);
            faults.add(new Fault(faults.size(), at, Kind.SLOW_CLIENT, 1, 1, 1_200, client));
            faults.add(new Fault(faults.size(), pauseAt, Kind.PAUSE_CLIENT, 1, 1, dice.between(600, 8_000), client));
        }
        return faults;
    }

    /** One leader after the other fails, alone: histories that differ and come back are made of that. */
    private static List<Fault> duel(Profile profile, int servers, Dice dice) {
        List<Fault> faults = new ArrayList<>();
        for (long at = 300; at < profile.stormMillis(); at += dice.between(300, 2_500)) {
            Kind kind = OF_LEADERS.get(dice.below(OF_LEADERS.size()));
            int server = dice.oneIn(4) ? 1 + dice.below(servers) : 0;
            faults.add(new Fault(faults.size(), at, kind, server, 1, dice.between(200, 4_000), dice.below(1 << 16)));
        }
        return faults;
    }

    private static List<Fault> storm(Profile profile, int servers, Dice dice) {
        List<Kind> kinds = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            if (!kind.isOfMembers() && !kind.isOfDisks() && dice.below(100) < 35) {
                kinds.add(kind);
            }
        }
        if (dice.below(100) < 60) {
            kinds.add(Kind.DIE_AT_MOMENT);
            kinds.add(Kind.DIE_AT_MOMENT);
        }
        List<Fault> faults = new ArrayList<>();
        // Half of the worlds have waves with time to recover between them: faults meet a leader that leads, not only
        // servers that look for one.
        boolean waves = dice.oneIn(2);
        long pace = dice.oneIn(3) ? dice.between(50, 400) : dice.between(300, 4_000);
        int left = 0;
        for (long at = 300; !kinds.isEmpty() && at < profile.stormMillis(); ) {
            Kind kind = kinds.get(dice.below(kinds.size()));
            int server = dice.below(100) < 35 ? 0 : 1 + dice.below(servers);
            int other = 1 + dice.below(servers);
            long millis = dice.oneIn(3) ? dice.between(200, 6_000) : dice.between(5, 1_200);
            faults.add(new Fault(faults.size(), at, kind, server, other, millis, dice.below(1 << 16)));
            if (!waves) {
                at += dice.between(1, pace);
            } else if (left-- > 0) {
                at += dice.between(1, 250);
            } else {
                left = dice.below(5);
                at += dice.between(1_500, 7_000);
            }
        }
        return faults;
    }
}
