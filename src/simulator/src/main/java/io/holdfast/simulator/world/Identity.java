package io.holdfast.simulator.world;

import io.holdfast.simulator.world.Fault.Kind;
import io.holdfast.zab.core.Configuration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Whether the servers of one world are told apart by their disks, and what happens to disks and releases there, drawn
 * from its seed.
 *
 * @param isTold whether servers speak the version of the protocol that names disks; if not there is but one version
 * @param isMixed whether servers begin with either version, and are upgraded and set back one by one
 * @param readmits whether a leader lets a new disk vote by itself
 * @param paceMillis how long nothing happens to disks and releases at most
 * @param kinds what happens to them
 */
record Identity(boolean isTold, boolean isMixed, boolean readmits, long paceMillis, List<Kind> kinds) {

    /** Five of 32 worlds; in one of these the members change too. */
    private static final Set<Long> REMAINDERS = Set.of(9L, 13L, 25L, 27L, 29L);

    private static final int EVERY = 32;
    private static final Identity NONE = new Identity(false, false, true, 0, List.of());

    /** Copies the list. */
    Identity {
        kinds = List.copyOf(kinds);
    }

    static boolean isOf(long seed) {
        return REMAINDERS.contains(seed % EVERY);
    }

    static Identity of(long seed, Dice dice) {
        if (!isOf(seed)) {
            return NONE;
        }
        boolean mixed = dice.oneIn(2);
        List<Kind> kinds = new ArrayList<>(List.of(Kind.WIPE, Kind.WIPE, Kind.OLD_DISK));
        if (mixed) {
            kinds.addAll(List.of(Kind.UPGRADE, Kind.UPGRADE, Kind.SET_BACK));
        }
        return new Identity(true, mixed, !dice.oneIn(4), dice.oneIn(2) ? 1_500 : 6_000, kinds);
    }

    /** Returns the version of the protocol that a server speaks at most when it is first started. */
    int firstProtocol(Dice dice) {
        if (!isTold) {
            return Configuration.FIRST_LEVEL;
        }
        return isMixed && dice.oneIn(2) ? Configuration.FIRST_LEVEL : Configuration.NEWEST_LEVEL;
    }

    /**
     * Returns the level by whose rules the lock table begins: where the ensemble agrees on none they are the newest, so
     * that these run in every world.
     */
    int firstLevel() {
        return isTold ? Configuration.FIRST_LEVEL : Configuration.NEWEST_LEVEL;
    }
}
