package io.holdfast.zab.core;

/**
 * The number of a member, unique in its ensemble for ever; never its address.
 *
 * @param value 1 to {@link #MAX}
 */
public record ServerId(int value) implements Comparable<ServerId> {

    public static final int MAX = 65_535;

    /** Checks the bounds. */
    public ServerId {
        if (value < 1 || value > MAX) {
            throw new IllegalArgumentException("server id must be 1 to " + MAX + ", not " + value);
        }
    }

    @Override
    public int compareTo(ServerId other) {
        return Integer.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Integer.toString(value);
    }
}
