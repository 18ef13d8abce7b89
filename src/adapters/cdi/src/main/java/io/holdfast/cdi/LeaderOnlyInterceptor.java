package io.holdfast.cdi;

import io.holdfast.client.Lease;
import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Runs methods while this application leads; outside of {@link LockedInterceptor}. */
@LeaderOnly("")
@Interceptor
@Priority(Interceptor.Priority.PLATFORM_BEFORE + 90)
class LeaderOnlyInterceptor {

    private final Elections elections;
    private final InterceptedMethods methods;

    @Inject
    LeaderOnlyInterceptor(Elections elections, InterceptedMethods methods) {
        this.elections = elections;
        this.methods = methods;
    }

    @AroundInvoke
    @Nullable
    Object run(InvocationContext call) throws Exception {
        InterceptedMethods.Leading method = methods.of(call.getMethod(), call.getInterceptorBinding(LeaderOnly.class));
        Leadership leadership = elections.of(method.election());
        if (method.returns().kind() != Returns.Kind.VALUE) {
            return method.returns().of(() -> runAsync(call, method, leadership));
        }
        Optional<Ran> ran = leadership.run(call::proceed);
        return ran.isPresent() ? ran.get().value() : notLeading(method);
    }

    private static CompletableFuture<Object> runAsync(
            InvocationContext call, InterceptedMethods.Leading method, Leadership leadership) {
        Executor here = Runnable::run;
        AsyncWork work = new AsyncWork();
        Leadership.Work entry = () -> work.cancel(true);
        Optional<Lease> entered = leadership.enter(entry);
        if (entered.isEmpty()) {
            return AsyncWork.result(CompletableFuture.completedFuture(method), here, LeaderOnlyInterceptor::notLeading);
        }
        Lease lease = entered.get();
        AsyncWork.onComplete(work, (value, failure) -> leadership.leave(entry));
        work.begin(here, () -> method.returns().stage(Leases.within(lease, call::proceed)));
        return AsyncWork.result(work, here, value -> {
            lease.check();
            return value;
        });
    }

    private static @Nullable Object notLeading(InterceptedMethods.Leading method) {
        if (method.skips()) {
            return method.returns().skipped();
        }
        throw new NotLeaderException(
                method.place() + " was not run: this application does not lead " + method.election());
    }
}
