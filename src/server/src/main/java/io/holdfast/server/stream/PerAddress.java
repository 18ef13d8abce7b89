package io.holdfast.server.stream;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts what each remote address has open or holds, and lets none have more than it may. For any thread. */
public final class PerAddress {

    private final long max;
    private final Map<String, Long> taken = new ConcurrentHashMap<>();

    /** Creates one that lets each address have {@code max}. */
    public PerAddress(long max) {
        this.max = max;
    }

    /** Counts one more; returns whether the address may have it. */
    public boolean enter(String address) {
        return enter(address, 1);
    }

    /** Counts so many more; returns whether the address may have all of them, and else counts none. */
    public boolean enter(String address, long amount) {
        boolean[] entered = {false};
        taken.compute(address, (key, count) -> {
            long before = count == null ? 0 : count;
            entered[0] = amount <= max - before;
            return entered[0] ? Long.valueOf(before + amount) : count;
        });
        return entered[0];
    }

    /** Counts one less. */
    public void leave(String address) {
        leave(address, 1);
    }

    /** Counts so many less. */
    public void leave(String address, long amount) {
        taken.computeIfPresent(address, (key, count) -> count <= amount ? null : count - amount);
    }

    /** Returns how many an address may have. */
    public long max() {
        return max;
    }

    /** Returns how many addresses have something. */
    int addresses() {
        return taken.size();
    }
}
