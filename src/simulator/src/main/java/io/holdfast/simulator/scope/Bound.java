package io.holdfast.simulator.scope;

/**
 * How much may happen in one run; everything else happens as often as it can.
 *
 * @param txns transactions that a client wants of whoever leads
 * @param crashes servers that die, with any beginning of what they were writing on disk, and start again at any time
 * @param partitions servers that are cut off from the others, until it heals at any time
 * @param leads times that a server takes itself for the elected leader, after the first
 * @param timeouts times that a server gives up a leader, or its office, though the other side is there
 * @param reads linearizable reads that clients want of any server
 */
public record Bound(int txns, int crashes, int partitions, int leads, int timeouts, int reads) {

    private static final int MOST = 7;
    private static final int COMPONENTS = 6;

    /** Checks that each is within 0 to 7. */
    public Bound {
        for (int value : new int[] {txns, crashes, partitions, leads, timeouts, reads}) {
            if (value < 0 || value > MOST) {
                throw new IllegalArgumentException("a bound is " + value + " but must be within 0 to " + MOST);
            }
        }
    }

    /** Reads up to six numbers with commas between them, in the order of the components; those that lack are 0. */
    public static Bound parse(String text) {
        String[] words = text.split(",", -1);
        if (words.length > COMPONENTS) {
            throw new IllegalArgumentException("a scope is txns,crashes,partitions,leads,timeouts,reads, not " + text);
        }
        int[] n = new int[COMPONENTS];
        for (int i = 0; i < words.length; i++) {
            n[i] = Integer.parseInt(words[i]);
        }
        return new Bound(n[0], n[1], n[2], n[3], n[4], n[5]);
    }
}
