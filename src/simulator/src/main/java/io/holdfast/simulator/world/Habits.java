package io.holdfast.simulator.world;

import java.util.ArrayList;
import java.util.List;

/**
 * What the clients of one world do with locks, drawn from its seed: some things only, so that they meet each other
 * often enough.
 *
 * @param limits permits of each lock; 0 for one that is exclusive or shared
 * @param sharedPerCent tickets that are shared
 * @param setPerCent tickets for several locks
 * @param nestPerCent steps of a holder in which it asks for more
 * @param changePerCent steps of a holder in which it changes the mode
 * @param transferPerCent steps in which a lock is handed over, or somebody is asked to do it
 * @param breakPerCent steps in which somebody's lock is taken away
 * @param lockDelayMillis the longest lock-delay of a session
 * @param hands how many things at once a client does
 * @param readers who follow what is committed
 * @param historyTxns how many transactions a server keeps for them
 */
record Habits(
        List<Integer> limits,
        int sharedPerCent,
        int setPerCent,
        int nestPerCent,
        int changePerCent,
        int transferPerCent,
        int breakPerCent,
        int lockDelayMillis,
        int hands,
        int readers,
        int historyTxns) {

    private static final int[] LIMITS = {2, 2, 3, 5};
    private static final int[] HISTORY_TXNS = {4, 20, 100, 10_000};

    /** Copies the list. */
    Habits {
        limits = List.copyOf(limits);
    }

    /** A quarter of the worlds know exclusive locks alone. */
    static Habits of(int locks, Dice dice) {
        boolean plain = dice.oneIn(4);
        boolean semaphores = !plain && dice.oneIn(2);
        int shared = plain ? 0 : perCent(dice, 80);
        int set = plain ? 0 : perCent(dice, 60);
        int nest = plain ? 0 : perCent(dice, 60);
        int change = shared == 0 ? 0 : perCent(dice, 40);
        int transfer = plain ? 0 : perCent(dice, 30);
        int breaks = plain ? 0 : perCent(dice, 15);
        int delay = plain ? 0 : dice.oneIn(2) ? 0 : (int) dice.between(100, 4_000);
        List<Integer> limits = new ArrayList<>();
        int all = locks + (set > 0 ? 1 : 0) + (nest > 0 ? 1 : 0);
        for (int i = 0; i < all; i++) {
            limits.add(semaphores && dice.oneIn(2) ? LIMITS[dice.below(LIMITS.length)] : 0);
        }
        int hands = plain ? 1 : 1 + dice.below(2);
        int history = HISTORY_TXNS[dice.below(HISTORY_TXNS.length)];
        return new Habits(
                limits, shared, set, nest, change, transfer, breaks, delay, hands, 1 + dice.below(2), history);
    }

    private static int perCent(Dice dice, int most) {
        return dice.oneIn(2) ? 0 : (int) dice.between(5, most);
    }
}
