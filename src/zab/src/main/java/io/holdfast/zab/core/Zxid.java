package io.holdfast.zab.core;

/**
 * The id of a transaction: the epoch of the leader that proposed it and its place among that leader's proposals.
 *
 * <p>Ordered by epoch, then counter. {@code (e, 0)} is no transaction: it is the start of epoch {@code e}, so the first
 * proposal is {@code (e, 1)} and counters have no gap inside an epoch (protocol.md#c01).
 *
 * @param epoch 0 to {@link #MAX_EPOCH}
 * @param counter 0 to {@link #MAX_COUNTER}
 */
public record Zxid(long epoch, long counter) implements Comparable<Zxid> {

    /** 31 bits, so that a packed zxid is never negative. */
    public static final long MAX_EPOCH = Integer.MAX_VALUE;

    /** 32 bits. A leader that gets here hands over: the next epoch starts at 1 again (ZOOKEEPER-1277). */
    public static final long MAX_COUNTER = 0xFFFF_FFFFL;

    /** Before every transaction. */
    public static final Zxid ZERO = new Zxid(0, 0);

    /** Checks the bounds. */
    public Zxid {
        if (epoch < 0 || epoch > MAX_EPOCH || counter < 0 || counter > MAX_COUNTER) {
            throw new IllegalArgumentException("zxid out of range: " + epoch + "-" + counter);
        }
    }

    /** Returns the zxid that the same leader gives to its next proposal. */
    public Zxid next() {
        return new Zxid(epoch, counter + 1);
    }

    /**
     * Returns whether {@code this} may directly follow {@code previous}: the next counter, or the first of a later
     * epoch.
     */
    public boolean follows(Zxid previous) {
        return epoch == previous.epoch ? counter == previous.counter + 1 : epoch > previous.epoch && counter == 1;
    }

    /** Returns the 64-bit form: epoch in the high half, counter in the low half. */
    public long packed() {
        return epoch << 32 | counter;
    }

    /** Reads {@link #packed()} back. */
    public static Zxid unpack(long packed) {
        return new Zxid(packed >>> 32, packed & MAX_COUNTER);
    }

    /**
     * Reads {@link #toString()} back.
     *
     * @throws IllegalArgumentException when the text is no {@code epoch-counter} in decimal
     */
    public static Zxid parse(String text) {
        int dash = text.indexOf('-');
        if (dash <= 0 || text.length() > 21 || !digits(text, 0, dash) || !digits(text, dash + 1, text.length())) {
            throw new IllegalArgumentException("not a zxid (epoch-counter in decimal): " + text);
        }
        return new Zxid(Long.parseLong(text.substring(0, dash)), Long.parseLong(text.substring(dash + 1)));
    }

    private static boolean digits(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return from < to;
    }

    public boolean isBefore(Zxid other) {
        return compareTo(other) < 0;
    }

    public boolean isAfter(Zxid other) {
        return compareTo(other) > 0;
    }

    @Override
    public int compareTo(Zxid other) {
        return Long.compare(packed(), other.packed());
    }

    /** The form that operators, logs and the API share: {@code epoch-counter} in decimal. */
    @Override
    public String toString() {
        return epoch + "-" + counter;
    }

    /** Returns whether there is none after it in that epoch: nothing is left but a new epoch (ZOOKEEPER-1277). */
    public boolean isLastOf(long itsEpoch) {
        return epoch() == itsEpoch && counter() >= MAX_COUNTER;
    }
}
