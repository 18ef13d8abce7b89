package io.holdfast.cdi;

import jakarta.enterprise.util.Nonbinding;
import jakarta.interceptor.InterceptorBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Runs the method under a lock. On a class it is for each of its methods.
 *
 * <p>A method that returns a {@code CompletionStage}, a {@code CompletableFuture} or a Mutiny {@code Uni} keeps the
 * lock until that completes. Any other waits for the lock on the thread of its caller, which an event loop must not:
 * there the call fails with {@link IllegalStateException}. That thread is interrupted once when the lease cannot be
 * kept, and the call fails with {@link io.holdfast.client.LeaseLostException} when the method returned although the
 * lease was lost. {@link Leases#current()} is the lease.
 *
 * <p>The owner is the thread, as with {@link io.holdfast.client.DistributedLock}: a method that waits for the same lock
 * may be called from within. Asynchronous methods have a lease each.
 *
 * <p>The lock is taken before a transaction begins that an interceptor opens for the same method, and released after it
 * ended.
 */
@InterceptorBinding
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Locked {

    /**
     * Name of the lock as plain text, with the value of a parameter in place of each {@code {parameter}}: the parameter
     * of that name, which needs {@code javac -parameters}, or the one with that {@link LockParameter}. Characters that
     * a name cannot have are escaped; slashes stay.
     */
    @Nonbinding
    String name();

    /**
     * How long a call waits for the lock: {@code 500ms}, {@code 15s}, {@code 2m} or ISO-8601; {@code 24h} at most.
     * Tries once unless given.
     */
    @Nonbinding
    String waitFor() default "0s";

    /** What becomes of a call that is not granted the lock in time; {@link LockBusyException} unless given. */
    @Nonbinding
    OnBusy onBusy() default OnBusy.FAIL;

    /**
     * How long the lock stays closed to all after the method ended, whatever becomes of this application; same form.
     * For a job that each application of a cluster schedules: one whose clock is behind finds it closed, and with
     * {@link OnBusy#SKIP} the job runs once each time. Not for asynchronous methods, and without effect where the lock
     * is held already by the thread of the caller.
     */
    @Nonbinding
    String closedFor() default "0s";
}
