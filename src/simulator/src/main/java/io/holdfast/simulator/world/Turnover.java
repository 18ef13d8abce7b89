package io.holdfast.simulator.world;

import io.holdfast.simulator.world.Fault.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * How much the members of one world change, drawn from its seed: in one world in {@link #EVERY} they do.
 *
 * @param spares servers that are no members at first; 0 where nothing changes
 * @param weather which faults there are besides: none, leaders that fail, or those of any other world
 * @param paceMillis how long the operator waits at most
 * @param kinds what the operator does
 */
record Turnover(int spares, int weather, long paceMillis, List<Kind> kinds) {

    private static final int EVERY = 4;
    private static final int REMAINDER = 3;
    private static final int SERVERS_MAX = 12;
    private static final Turnover NONE = new Turnover(0, 0, 0, List.of());

    /** What there always is, so that configurations grow and shrink. */
    private static final List<Kind> USUAL = List.of(Kind.JOIN, Kind.JOIN, Kind.PROMOTE, Kind.PROMOTE, Kind.REMOVE);

    private static final List<Kind> OTHERS = List.of(
            Kind.DEMOTE,
            Kind.REMOVE_LEADER,
            Kind.SWAP,
            Kind.SWAP,
            Kind.REPLACE_ALL,
            Kind.DIE_IN_CHANGE,
            Kind.DIE_IN_CHANGE,
            Kind.RETIRED_AGAIN,
            Kind.HAND_OFF);

    /** Copies the list. */
    Turnover {
        kinds = List.copyOf(kinds);
    }

    static boolean isOf(long seed) {
        return seed % EVERY == REMAINDER;
    }

    static Turnover of(long seed, Profile profile, Dice dice) {
        if (!isOf(seed)) {
            return NONE;
        }
        int spares = 1 + dice.below(Math.min(4, SERVERS_MAX - profile.servers()));
        List<Kind> kinds = new ArrayList<>(USUAL);
        for (Kind kind : OTHERS) {
            if (dice.below(3) > 0) {
                kinds.add(kind);
            }
        }
        return new Turnover(spares, dice.below(4), dice.oneIn(2) ? 1_000 : 4_000, kinds);
    }

    boolean isNone() {
        return spares == 0;
    }
}
