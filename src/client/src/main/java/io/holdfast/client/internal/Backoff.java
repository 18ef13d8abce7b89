package io.holdfast.client.internal;

/** Pauses between rounds of tries: full jitter below a bound that doubles from 50 ms to 2 s. */
final class Backoff {

    private static final long FIRST_MILLIS = 50;
    private static final long MOST_MILLIS = 2_000;

    private Backoff() {}

    /**
     * Returns the pause in milliseconds.
     *
     * @param round how many rounds failed, from 0
     * @param random from 0 inclusive to 1 exclusive
     */
    static long millis(int round, double random) {
        long bound = Math.min(MOST_MILLIS, FIRST_MILLIS << Math.min(round, 10));
        return (long) (bound * random);
    }
}
