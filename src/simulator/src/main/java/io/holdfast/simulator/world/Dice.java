package io.holdfast.simulator.world;

import java.util.Random;

/** Seeded chance, the same on every JVM. */
final class Dice {

    private final Random random;

    Dice(long seed, long stream) {
        random = new Random((seed + 1) * 0x9E37_79B9_7F4A_7C15L ^ stream * 0xC2B2_AE3D_27D4_EB4FL);
    }

    Random random() {
        return random;
    }

    /** Returns one of {@code 0..bound-1}. */
    int below(int bound) {
        return random.nextInt(bound);
    }

    long between(long least, long most) {
        return least + (long) (random.nextDouble() * (most - least + 1));
    }

    boolean oneIn(int count) {
        return random.nextInt(count) == 0;
    }

    boolean perMille(int chance) {
        return chance > 0 && random.nextInt(1000) < chance;
    }

    /** Returns mostly little more than {@code least}, and now and then as much as {@code most}. */
    long heavyTail(long least, long most) {
        double x = random.nextDouble();
        return least + (long) ((most - least) * x * x * x * x * x * x);
    }
}
