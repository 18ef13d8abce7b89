package io.holdfast.simulator.scope;

import java.util.List;

/**
 * One thing that may happen in a state.
 *
 * @param at the server that it happens to, or a lane
 * @param detail the other server, or how much of a write is done
 */
record Move(Kind kind, int at, int detail) {

    enum Kind {
        ARRIVE,
        PERSIST,
        OPEN,
        START,
        LEAD,
        FOLLOW,
        SUBMIT,
        READ,
        TIMEOUT,
        CRASH,
        CUT_OFF,
        HEAL
    }

    private static final List<Kind> KINDS = List.of(Kind.values());
    private static final int BITS = 8;

    int packed() {
        return KINDS.indexOf(kind) << (2 * BITS) | at << BITS | detail;
    }

    static Move unpack(int packed) {
        int mask = (1 << BITS) - 1;
        return new Move(KINDS.get(packed >> (2 * BITS)), (packed >> BITS) & mask, packed & mask);
    }
}
