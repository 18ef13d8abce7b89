package io.holdfast.server.stream;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts what each remote address has open, and lets none have more than it may. For any thread. */
public final class PerAddress {

    private final int max;
    private final Map<String, Integer> open = new ConcurrentHashMap<>();

    /** Creates one that lets each address have {@code max}. */
    public PerAddress(int max) {
        this.max = max;
    }

    /** Counts one more; answers whether the address may have it. */
    public boolean enter(String address) {
        boolean[] entered = {false};
        open.compute(address, (key, count) -> {
            int before = count == null ? 0 : count;
            entered[0] = before < max;
            return entered[0] ? Integer.valueOf(before + 1) : count;
        });
        return entered[0];
    }

    /** Counts one less. */
    public void leave(String address) {
        open.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
    }

    /** Returns how many an address may have. */
    public int max() {
        return max;
    }

    /** Returns how many addresses have something. */
    int addresses() {
        return open.size();
    }
}
