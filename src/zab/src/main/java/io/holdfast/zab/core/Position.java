package io.holdfast.zab.core;

/**
 * A place in a history: the last transaction up to there and the chain hash over all of them.
 *
 * @param zxid last transaction; {@link Zxid#ZERO} before the first
 * @param chainHash {@link Txn#chainHash()} of that transaction; 0 before the first
 */
public record Position(Zxid zxid, long chainHash) {

    /** The beginning of every history. */
    public static final Position START = new Position(Zxid.ZERO, 0);
}
