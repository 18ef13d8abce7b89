package io.holdfast.spring.integration;

import io.holdfast.ensemble.Eventually;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Waits of tests: for a condition or a result, with a bound far above what a loaded machine takes. */
final class Waiting {

    static final Duration BOUND = Duration.ofSeconds(90);

    private Waiting() {}

    static void await(String what, BooleanSupplier condition) {
        try {
            Eventually.await(what, BOUND, condition);
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    static <T> T get(Future<T> future) throws Exception {
        return future.get(BOUND.toSeconds(), TimeUnit.SECONDS);
    }
}
