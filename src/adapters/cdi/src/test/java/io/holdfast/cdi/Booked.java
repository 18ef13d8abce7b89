package io.holdfast.cdi;

import jakarta.annotation.Priority;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InterceptorBinding;
import jakarta.interceptor.InvocationContext;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/** Has the place among interceptors that transactions have. */
@InterceptorBinding
@Retention(RetentionPolicy.RUNTIME)
@interface Booked {

    /** Notes whether the lock is held when the transaction begins and ends. */
    @Booked
    @Interceptor
    @Priority(Interceptor.Priority.PLATFORM_BEFORE + 200)
    class Transaction {
        static final List<Boolean> HELD = new CopyOnWriteArrayList<>();
        static volatile BooleanSupplier held = () -> false;

        @AroundInvoke
        Object run(InvocationContext call) throws Exception {
            HELD.add(held.getAsBoolean());
            try {
                return call.proceed();
            } finally {
                HELD.add(held.getAsBoolean());
            }
        }
    }
}
