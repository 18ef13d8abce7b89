package io.holdfast.simulator.world;

import io.holdfast.simulator.world.Fault.Kind;
import java.util.ArrayList;
import java.util.List;

/** Which faults a world meets and when, drawn from its seed: some kinds only, each as often as the seed wants. */
final class FaultPlan {

    private FaultPlan() {}

    static List<Fault> of(Profile profile, Dice dice) {
        List<Kind> kinds = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            if (dice.below(100) < 35) {
                kinds.add(kind);
            }
        }
        if (dice.below(100) < 60) {
            kinds.add(Kind.DIE_AT_MOMENT);
            kinds.add(Kind.DIE_AT_MOMENT);
        }
        List<Fault> faults = new ArrayList<>();
        long pace = dice.oneIn(3) ? dice.between(50, 400) : dice.between(300, 4_000);
        for (long at = 300; !kinds.isEmpty() && at < profile.stormMillis(); at += dice.between(1, pace)) {
            Kind kind = kinds.get(dice.below(kinds.size()));
            int server = 1 + dice.below(profile.voters());
            int other = 1 + dice.below(profile.voters());
            long millis = dice.oneIn(3) ? dice.between(200, 6_000) : dice.between(5, 1_200);
            faults.add(new Fault(faults.size(), at, kind, server, other, millis, dice.below(1 << 16)));
        }
        return faults;
    }
}
