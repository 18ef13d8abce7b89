package io.holdfast.ensemble;

import java.util.Arrays;
import java.util.Random;

/** Bytes as they come from memory, disks and networks that fail, and from those who try what happens. */
public final class Mutations {

    private static final long[] EDGES = {
        0,
        1,
        -1,
        64,
        65,
        255,
        65_535,
        1 << 20,
        (1 << 20) + 1,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        0x7fff_ffff_ffff_fffeL
    };

    private static final int REPEATED_BYTES_MAX = 16 << 10;

    private final Random random;

    public Mutations(long seed) {
        random = new Random(seed);
    }

    /**
     * Returns the bytes with one to three things wrong: flipped bits, other bytes, a number at some edge, an end too
     * early, bytes of {@code other}, some of it many times, or bytes too many.
     */
    public byte[] of(byte[] whole, byte[] other) {
        byte[] bytes = whole.clone();
        int faults = 1 + random.nextInt(3);
        for (int i = 0; i < faults; i++) {
            bytes = once(bytes, other);
        }
        return bytes;
    }

    private byte[] once(byte[] bytes, byte[] other) {
        if (bytes.length == 0) {
            return new byte[] {(byte) random.nextInt()};
        }
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(15)) {
            case 0, 1, 2, 3 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 4, 5 -> bytes[at] = (byte) random.nextInt();
            case 6, 7 -> number(bytes, at, 1 << random.nextInt(4));
            case 8, 9 -> bytes = Arrays.copyOf(bytes, at);
            case 10, 11 -> bytes = splice(bytes, at, other);
            case 12 -> bytes = repeated(bytes, at);
            default -> bytes = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(9));
        }
        return bytes;
    }

    private void number(byte[] bytes, int at, int width) {
        long value = EDGES[random.nextInt(EDGES.length)];
        for (int i = 0; i < width && at + i < bytes.length; i++) {
            bytes[at + i] = (byte) (value >>> (8 * (width - 1 - i)));
        }
    }

    private byte[] splice(byte[] bytes, int at, byte[] other) {
        int from = other.length == 0 ? 0 : random.nextInt(other.length);
        byte[] spliced = Arrays.copyOf(bytes, at + other.length - from);
        System.arraycopy(other, from, spliced, at, other.length - from);
        return spliced;
    }

    /** Lists and nested values grow by what is inside them. */
    private byte[] repeated(byte[] bytes, int at) {
        int length = Math.min(1 + random.nextInt(32), bytes.length - at);
        int times = Math.min(2 + random.nextInt(1_000), REPEATED_BYTES_MAX / length);
        byte[] repeated = Arrays.copyOf(bytes, bytes.length + times * length);
        for (int i = 0; i < times; i++) {
            System.arraycopy(bytes, at, repeated, at + i * length, length);
        }
        System.arraycopy(bytes, at, repeated, at + times * length, bytes.length - at);
        return repeated;
    }
}
