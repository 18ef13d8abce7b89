package io.holdfast.zab.core;

/**
 * What some server's state was.
 *
 * @param zxid last transaction applied to it
 * @param digest of the state machine; equal states have equal digests
 */
public record StateDigest(Zxid zxid, long digest) {

    /** Every server takes a digest at these zxids, so that two servers have some of the same. */
    private static final int EVERY = 16;

    /** Returns whether a digest is taken when that transaction is applied. */
    public static boolean isTakenAt(Zxid zxid) {
        return zxid.counter() % EVERY == 0;
    }
}
