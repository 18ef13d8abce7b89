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
 * @param isTold whether disks are exchanged
 * @param isMixed whether servers begin with either of the two newest versions, as members of an ensemble that is at the
 *     first level, and are upgraded and set back one by one; if not all are new, as in production
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
        // Below the level that tells disks apart an id must not be used again with another disk, as changes of members
        // do it here; a new ensemble is never there.
        boolean mixed = dice.oneIn(2) && !Turnover.isOf(seed);
        List<Kind> kinds = new ArrayList<>(List.of(Kind.WIPE, Kind.WIPE, Kind.OLD_DISK));
        if (mixed) {
            kinds.addAll(List.of(Kind.UPGRADE, Kind.UPGRADE, Kind.SET_BACK));
        }
        return new Identity(true, mixed, !dice.oneIn(4), dice.oneIn(2) ? 1_500 : 6_000, kinds);
    }

    /** Returns the version of the protocol that a server speaks at most when it is first started. */
    int firstProtocol(Dice dice) {
        return isMixed && dice.oneIn(2) ? Configuration.FIRST_LEVEL : Configuration.NEWEST_LEVEL;
    }

    /** Returns the level of the configuration that the servers begin with, or that they found. */
    int firstLevel() {
        return isMixed ? Configuration.FIRST_LEVEL : Configuration.NEWEST_LEVEL;
    }
}
