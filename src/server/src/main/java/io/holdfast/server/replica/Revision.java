package io.holdfast.server.replica;

/**
 * A point in the order of all transactions, as clients know it: the cursor of reads and long polls, valid on every
 * node.
 *
 * @param epoch epoch of the leader that proposed the transaction, 0 to 2^31 - 1
 * @param counter place among that leader's proposals, 0 to 2^32 - 1
 */
public record Revision(long epoch, long counter) implements Comparable<Revision> {

    private static final long MAX_EPOCH = Integer.MAX_VALUE;
    private static final long MAX_COUNTER = 0xFFFF_FFFFL;

    /** Before every transaction. */
    public static final Revision ZERO = new Revision(0, 0);

    /** Checks the bounds. */
    public Revision {
        if (epoch < 0 || epoch > MAX_EPOCH || counter < 0 || counter > MAX_COUNTER) {
            throw new IllegalArgumentException("revision out of range: " + epoch + "-" + counter);
        }
    }

    /** Reads the 64-bit form: epoch in the high half, counter in the low half. */
    public static Revision unpack(long packed) {
        return new Revision(packed >>> 32, packed & MAX_COUNTER);
    }

    long packed() {
        return epoch << 32 | counter;
    }

    /**
     * Reads {@link #toString()} back.
     *
     * @throws IllegalArgumentException when the text is no {@code epoch-counter} in decimal
     */
    public static Revision parse(String text) {
        int dash = text.indexOf('-');
        if (text.length() > 21 || !text.matches("[0-9]{1,10}-[0-9]{1,10}")) {
            throw new IllegalArgumentException("not a revision (epoch-counter in decimal): " + text);
        }
        return new Revision(Long.parseLong(text.substring(0, dash)), Long.parseLong(text.substring(dash + 1)));
    }

    @Override
    public int compareTo(Revision other) {
        return Long.compare(packed(), other.packed());
    }

    /** The form of the API: {@code epoch-counter} in decimal. */
    @Override
    public String toString() {
        return epoch + "-" + counter;
    }
}
