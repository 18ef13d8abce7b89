package io.holdfast.server.limit;

import io.holdfast.lock.acl.Acl;
import io.holdfast.lock.acl.Limit;
import io.holdfast.server.caller.Caller;
import io.holdfast.server.metrics.Meters;
import io.holdfast.server.replica.AccessRules;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Limits the requests per second, and the streams, of each principal at this node, by the rules, where rules are
 * enforced. For any thread; nothing is allocated for a principal that is known.
 */
@Singleton
public final class RateLimits {

    /** Principals that are counted separately at a time. */
    static final int PRINCIPALS_MAX = 10_000;

    private static final long SECOND = 1_000_000_000L;

    /** What is held without a bound. */
    private static final Held UNCOUNTED = () -> {};

    private final Supplier<@Nullable Acl> rules;
    private final LongSupplier nanos;
    private final Map<String, PrincipalUse> uses = new ConcurrentHashMap<>();
    private final LongAdder requestsRefused = new LongAdder();
    private final LongAdder streamsRefused = new LongAdder();

    @Inject
    RateLimits(AccessRules rules, Meters meters) {
        this(rules::enforced, System::nanoTime);
        String says = "Requests that were refused because their principal has as much as it may, by limit";
        meters.counter("holdfast.limits.refused", says, requestsRefused, LongAdder::sum, "limit", "rps");
        meters.counter("holdfast.limits.refused", says, streamsRefused, LongAdder::sum, "limit", "streams");
    }

    /**
     * Creates one.
     *
     * @param rules in force; null while none are enforced
     */
    RateLimits(Supplier<@Nullable Acl> rules, LongSupplier nanos) {
        this.rules = rules;
        this.nanos = nanos;
    }

    /** Counts a request; returns 0 when it may go on, else after how many seconds another may. */
    public long seconds(Caller caller) {
        Acl acl = bounding();
        if (acl == null) {
            return 0;
        }
        PrincipalUse use = use(caller);
        int rps = use.allowance(acl, caller).rps();
        if (rps == Limit.NONE) {
            return 0;
        }
        long wait = use.bucket().take(rps, nanos.getAsLong());
        if (wait == 0) {
            return 0;
        }
        requestsRefused.increment();
        return (wait + SECOND - 1) / SECOND;
    }

    /** Counts a stream until it is released; returns null when there are as many as may be. */
    public @Nullable Held hold(Caller caller) {
        Acl acl = bounding();
        if (acl == null) {
            return UNCOUNTED;
        }
        PrincipalUse use = use(caller);
        int max = use.allowance(acl, caller).streams();
        if (use.enter(max == Limit.NONE ? Integer.MAX_VALUE : max)) {
            return use;
        }
        streamsRefused.increment();
        return null;
    }

    private @Nullable Acl bounding() {
        Acl acl = rules.get();
        return acl == null || acl.document().limits().isEmpty() ? null : acl;
    }

    private PrincipalUse use(Caller caller) {
        PrincipalUse known = uses.get(caller.principal());
        return known == null ? added(caller.principal()) : known;
    }

    private synchronized PrincipalUse added(String principal) {
        long now = nanos.getAsLong();
        if (uses.size() >= PRINCIPALS_MAX) {
            uses.values().removeIf(use -> use.isIdle(now));
        }
        if (uses.size() >= PRINCIPALS_MAX) {
            // All of them are busy. Those with streams stay, for their count must not be lost.
            uses.values().removeIf(use -> use.streams() == 0);
        }
        return uses.size() >= PRINCIPALS_MAX
                ? new PrincipalUse(now)
                : uses.computeIfAbsent(principal, name -> new PrincipalUse(now));
    }

    int principals() {
        return uses.size();
    }
}
