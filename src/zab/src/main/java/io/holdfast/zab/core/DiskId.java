package io.holdfast.zab.core;

/** A random 128-bit number that is drawn when a data directory is formatted, so that a wiped disk is told apart. */
public record DiskId(long high, long low) {

    @Override
    public String toString() {
        return String.format("%016x%016x", high, low);
    }
}
