package io.holdfast.zab.core.state;

/** Draws pauses from a seed, for what need not happen at one time on all servers. */
final class Jitter {

    private final long seed;
    private long drawn;

    Jitter(long seed) {
        this.seed = seed;
    }

    /** Returns 0 to {@code millisMax}; the same seed gives the same row. */
    long next(int millisMax) {
        drawn++;
        long product = (seed + drawn) * 0x9E37_79B9_7F4A_7C15L;
        long mixed = (product ^ (product >>> 31)) * 0xBF58_476D_1CE4_E5B9L;
        return Long.remainderUnsigned(mixed >>> 20, millisMax + 1L);
    }
}
