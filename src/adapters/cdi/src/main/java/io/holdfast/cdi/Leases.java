package io.holdfast.cdi;

import io.holdfast.client.Lease;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** The lease that the method on this thread runs under. */
public final class Leases {

    private static final ThreadLocal<@Nullable Lease> CURRENT = new ThreadLocal<>();

    private Leases() {}

    /**
     * The lease of the innermost method with {@link Locked} or {@link LeaderOnly} that runs on this thread. What an
     * asynchronous method does later, on another thread, does not find it here: ask first, and keep it.
     *
     * @throws IllegalStateException when none runs
     */
    public static Lease current() {
        return find().orElseThrow(() -> new IllegalStateException("no method with @Locked or @LeaderOnly runs on "
                + Thread.currentThread().getName()));
    }

    static Optional<Lease> find() {
        return Optional.ofNullable(CURRENT.get());
    }

    static <T> T within(Lease lease, Callable<T> body) throws Exception {
        Lease outer = CURRENT.get();
        CURRENT.set(lease);
        try {
            return body.call();
        } finally {
            if (outer == null) {
                CURRENT.remove();
            } else {
                CURRENT.set(outer);
            }
        }
    }
}
