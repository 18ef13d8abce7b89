package io.holdfast.zab.core;

/**
 * A transaction as the leader proposed it: what is logged, sent, committed and applied.
 *
 * @param zxid its place in the total order
 * @param previous the zxid directly before it in this history; {@link Zxid#ZERO} for the first ever
 * @param type what the payload is for
 * @param origin whose request it is
 * @param payload opaque bytes
 * @param chainHash {@link #chain} over this transaction and all before it: equal zxids with unequal hashes are a
 *     divergence
 */
public record Txn(Zxid zxid, Zxid previous, TxnType type, Origin origin, Payload payload, long chainHash) {

    /** What a transaction costs in memory and on the wire besides its payload, in bytes; used for bounds only. */
    public static final int OVERHEAD_BYTES = 64;

    /** Makes the transaction that follows {@code previous}, whose chain hash is {@code previousHash}. */
    public static Txn after(Zxid previous, long previousHash, Zxid zxid, TxnType type, Origin origin, Payload payload) {
        return new Txn(zxid, previous, type, origin, payload, chain(previousHash, zxid, type, origin, payload));
    }

    /** Returns whether the chain hash is what {@code previousHash} and the content make it. */
    public boolean chainsTo(long previousHash) {
        return chainHash == chain(previousHash, zxid, type, origin, payload);
    }

    /** Returns the bytes that count towards limits on queues and windows. */
    public int weight() {
        return payload.length() + OVERHEAD_BYTES;
    }

    private static long chain(long previousHash, Zxid zxid, TxnType type, Origin origin, Payload payload) {
        long hash = mix(previousHash ^ zxid.packed());
        hash = mix(hash ^ (long) payload.crc32c() << 32 ^ payload.length());
        return mix(hash ^ origin.requestId() ^ (long) origin.server().value() << 48 ^ (long) type.code() << 40);
    }

    /**
     * The finalizer of MurmurHash3: every input bit reaches every output bit. Guards against faults, not against
     * forgers.
     */
    private static long mix(long value) {
        long h = value + 0x9E37_79B9_7F4A_7C15L;
        h = (h ^ h >>> 33) * 0xFF51_AFD7_ED55_8CCDL;
        h = (h ^ h >>> 33) * 0xC4CE_B9FE_1A85_EC53L;
        return h ^ h >>> 33;
    }
}
