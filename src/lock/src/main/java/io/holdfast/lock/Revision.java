package io.holdfast.lock;

/**
 * The text form of a revision: {@code epoch-counter} in decimal.
 *
 * <p>A revision is the packed id of a transaction, epoch in the high half and counter in the low; session ids and
 * ticket numbers are revisions too.
 */
public final class Revision {

    private static final int TEXT_CHARS = 21;

    private Revision() {}

    /** Renders a revision as {@code epoch-counter}. */
    public static String text(long revision) {
        return (revision >>> 32) + "-" + (revision & 0xFFFF_FFFFL);
    }

    /**
     * Reads {@link #text} back.
     *
     * @throws IllegalArgumentException when the text is no {@code epoch-counter} in decimal, or out of range
     */
    public static long parse(String text) {
        int dash = text.indexOf('-');
        if (dash <= 0
                || text.length() > TEXT_CHARS
                || !digits(text, 0, dash)
                || !digits(text, dash + 1, text.length())) {
            throw new IllegalArgumentException("not an epoch-counter in decimal: " + text);
        }
        long epoch = Long.parseLong(text.substring(0, dash));
        long counter = Long.parseLong(text.substring(dash + 1));
        if (epoch > Integer.MAX_VALUE || counter > 0xFFFF_FFFFL) {
            throw new IllegalArgumentException("epoch or counter out of range: " + text);
        }
        return epoch << 32 | counter;
    }

    private static boolean digits(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return from < to;
    }
}
