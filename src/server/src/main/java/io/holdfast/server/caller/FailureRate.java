package io.holdfast.server.caller;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts the credentials of each remote address that proved nothing, so that guessing is slow and costs this node
 * little. Bounded: of more addresses than it keeps the one that failed longest ago is forgotten. For any thread.
 */
final class FailureRate {

    private static final int ADDRESSES = 10_000;
    private static final long SECOND = 1_000_000_000L;

    private final int perSecond;

    /** What an address may still do wrong, by address. */
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > ADDRESSES;
        }
    };

    private static final class Bucket {
        private double left;
        private long at;
    }

    /** Lets addresses fail so often in a second, and so often at once. */
    FailureRate(int perSecond) {
        this.perSecond = perSecond;
    }

    /** Returns whether an address failed as often as it may. */
    synchronized boolean isExhausted(String address, long nanos) {
        Bucket bucket = buckets.get(address);
        if (bucket == null) {
            return false;
        }
        fill(bucket, nanos);
        return bucket.left < 1;
    }

    /** Notes that an address sent a credential that proves nothing. */
    synchronized void failed(String address, long nanos) {
        Bucket bucket = buckets.computeIfAbsent(address, first -> {
            Bucket full = new Bucket();
            full.left = perSecond;
            full.at = nanos;
            return full;
        });
        fill(bucket, nanos);
        bucket.left = Math.max(0, bucket.left - 1);
    }

    private void fill(Bucket bucket, long nanos) {
        bucket.left = Math.min(perSecond, bucket.left + (double) perSecond * (nanos - bucket.at) / SECOND);
        bucket.at = nanos;
    }

    /** Returns how many addresses are known. */
    synchronized int addresses() {
        return buckets.size();
    }
}
