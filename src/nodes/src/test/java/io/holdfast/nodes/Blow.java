package io.holdfast.nodes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * One entry of a schedule.
 *
 * @param fault what happens
 * @param choice from 0 on, which of the possible targets it happens to, and how it is varied
 */
record Blow(Fault fault, int choice) {

    private static final int CHOICES = 6;

    /** Every fault once, in an order that the seed decides. */
    static List<Blow> schedule(Random random) {
        var faults = new ArrayList<>(Arrays.asList(Fault.values()));
        Collections.shuffle(faults, random);
        return faults.stream()
                .map(fault -> new Blow(fault, random.nextInt(CHOICES)))
                .toList();
    }

    @Override
    public String toString() {
        return fault + "/" + choice;
    }
}
