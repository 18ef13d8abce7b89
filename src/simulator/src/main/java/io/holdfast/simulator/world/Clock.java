package io.holdfast.simulator.world;

/** The monotonic clock of one machine: it begins anywhere, and is faster or slower than true time within a bound. */
final class Clock {

    private final long offset;
    private final double rate;
    private long frozen;

    /**
     * Makes a clock.
     *
     * @param partsPerMillion by how much it is fast; negative when it is slow
     */
    Clock(long offset, long partsPerMillion) {
        this.offset = offset;
        this.rate = 1 + partsPerMillion / 1_000_000.0;
    }

    /** Returns what it shows at that true time. */
    long read(long trueNanos) {
        return offset + (long) ((trueNanos - frozen) * rate);
    }

    /** Returns the first true time at which it shows at least {@code reading}. */
    long trueTimeOf(long reading) {
        long time = (long) ((reading - offset) / rate) + frozen;
        while (read(time) < reading) {
            time++;
        }
        return time;
    }

    /** Returns how long it takes, in true time, for this clock to go on by {@code nanos}. */
    long trueNanos(long nanos) {
        return (long) (nanos / rate) + 1;
    }

    /** The machine was suspended for that long: its clock stood still. */
    void freeze(long nanos) {
        frozen += nanos;
    }
}
