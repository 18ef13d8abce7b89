package io.holdfast.cdi;

import io.holdfast.api.Durations;
import io.holdfast.client.Body;
import io.holdfast.client.DistributedLock;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.Lease;
import io.holdfast.client.LeaseLostException;
import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Runs methods under a lock; outside of the interceptors of transactions. */
@Locked(name = "")
@Interceptor
@Priority(Interceptor.Priority.PLATFORM_BEFORE + 100)
class LockedInterceptor {

    private static final System.Logger LOG = System.getLogger(LockedInterceptor.class.getName());

    private final HoldfastClient client;
    private final InterceptedMethods methods;

    @Inject
    LockedInterceptor(HoldfastClient client, InterceptedMethods methods) {
        this.client = client;
        this.methods = methods;
    }

    @AroundInvoke
    @Nullable
    Object run(InvocationContext call) throws Exception {
        InterceptedMethods.Locking method = methods.of(call.getMethod(), call.getInterceptorBinding(Locked.class));
        String name = method.name().resolve(call.getParameters());
        return method.returns().kind() == Returns.Kind.VALUE
                ? runHere(call, method, name)
                : method.returns().of(() -> runAsync(call, method, name));
    }

    private @Nullable Object runHere(InvocationContext call, InterceptedMethods.Locking method, String name)
            throws Exception {
        CallerThread.requireBlocking(method.place());
        // A lock that this thread has lost is not busy.
        Leases.find().filter(outer -> outer.locks().contains(name)).ifPresent(Lease::check);
        DistributedLock lock = client.lock(name);
        AtomicBoolean begun = new AtomicBoolean();
        Body<Ran, Exception> body = lease -> {
            begun.set(true);
            return new Ran(Leases.within(lease, call::proceed));
        };
        try {
            Optional<Ran> ran = method.closedFor().isZero() || isHeld(lock)
                    ? lock.tryWithLock(method.waitFor(), body)
                    : runAndClose(lock, method, body);
            return ran.isPresent() ? ran.get().value() : notGranted(method, name);
        } catch (InterruptedException e) {
            if (begun.get()) {
                throw e;
            }
            Thread.currentThread().interrupt();
            throw new LockBusyException(method.place() + " was interrupted while it waited for " + name, name, e);
        }
    }

    private static boolean isHeld(DistributedLock lock) {
        try {
            return lock.lease() != null;
        } catch (IllegalMonitorStateException e) {
            return false;
        }
    }

    /** The body has its own hold, so that nothing interrupts it when the lock is released with a time. */
    private static Optional<Ran> runAndClose(
            DistributedLock lock, InterceptedMethods.Locking method, Body<Ran, Exception> body) throws Exception {
        if (!lock.tryLock(method.waitFor().toMillis(), TimeUnit.MILLISECONDS)) {
            return Optional.empty();
        }
        Lease lease = lock.lease();
        try {
            return Optional.of(lock.withLock(body));
        } finally {
            lease.release(method.closedFor());
            forget(lock);
        }
    }

    private static void forget(DistributedLock lock) {
        try {
            lock.unlock();
        } catch (LeaseLostException e) {
            LOG.log(System.Logger.Level.DEBUG, "its body was told", e);
        }
    }

    private CompletableFuture<Object> runAsync(InvocationContext call, InterceptedMethods.Locking method, String name) {
        Executor caller = CallerThread.executor();
        DistributedLock lock = client.lock(name);
        AtomicBoolean begun = new AtomicBoolean();
        CompletableFuture<Optional<Object>> work = lock.tryWithLockAsync(method.waitFor(), lease -> {
            begun.set(true);
            AsyncWork begins = new AsyncWork();
            begins.begin(caller, () -> method.returns().stage(Leases.within(lease, call::proceed)));
            return begins;
        });
        return AsyncWork.result(work, caller, value -> begun.get() ? value.orElse(null) : notGranted(method, name));
    }

    private static @Nullable Object notGranted(InterceptedMethods.Locking method, String name) {
        if (method.skips()) {
            return method.returns().skipped();
        }
        throw new LockBusyException(
                method.place() + " was not granted " + name + " within " + Durations.text(method.waitFor()),
                name,
                null);
    }
}
