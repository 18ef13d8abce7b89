package io.holdfast.api;

/**
 * A point in the order of all transactions: the cursor of reads, long polls and events, valid on every node.
 *
 * @param epoch 0 to 2^31 - 1
 * @param counter 0 to 2^32 - 1
 */
public record Revision(long epoch, long counter) implements Comparable<Revision> {

    private static final long EPOCH_MAX = Integer.MAX_VALUE;
    private static final long COUNTER_MAX = 0xFFFF_FFFFL;
    private static final int DIGITS_MAX = 10;

    /** Before every transaction. */
    public static final Revision ZERO = new Revision(0, 0);

    /** Checks the bounds. */
    public Revision {
        if (epoch < 0 || epoch > EPOCH_MAX || counter < 0 || counter > COUNTER_MAX) {
            throw new IllegalArgumentException("revision out of range: " + epoch + "-" + counter);
        }
    }

    /**
     * Reads {@link #toString()} back.
     *
     * @throws IllegalArgumentException when the text is no {@code epoch-counter} in decimal
     */
    public static Revision parse(String text) {
        int dash = text.indexOf('-');
        if (dash < 0) {
            throw new IllegalArgumentException("not a revision (epoch-counter in decimal): " + text);
        }
        return new Revision(number(text, 0, dash), number(text, dash + 1, text.length()));
    }

    private static long number(String text, int begin, int end) {
        long value = 0;
        for (int i = begin; i < end; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9 || end - begin > DIGITS_MAX) {
                throw new IllegalArgumentException("not a revision (epoch-counter in decimal): " + text);
            }
            value = value * 10 + digit;
        }
        if (begin == end) {
            throw new IllegalArgumentException("not a revision (epoch-counter in decimal): " + text);
        }
        return value;
    }

    @Override
    public int compareTo(Revision other) {
        int epochs = Long.compare(epoch, other.epoch);
        return epochs == 0 ? Long.compare(counter, other.counter) : epochs;
    }

    /** The form of the API: {@code epoch-counter} in decimal. */
    @Override
    public String toString() {
        return epoch + "-" + counter;
    }
}
