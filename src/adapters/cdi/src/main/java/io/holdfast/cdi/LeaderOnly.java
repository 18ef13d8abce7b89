package io.holdfast.cdi;

import jakarta.enterprise.util.Nonbinding;
import jakarta.interceptor.InterceptorBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Runs the method only while this application leads an election. On a class it is for each of its methods.
 *
 * <p>The application is a candidate from the first call on, or from its start if {@code holdfast.client.elections}
 * names the election. The thread of a running method is interrupted once when the leadership cannot be kept, an
 * asynchronous result is cancelled; the leadership is given up only after all methods under it ended.
 * {@link Leases#current()} is the lease of the leadership. Methods of the same election may run at the same time.
 */
@InterceptorBinding
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface LeaderOnly {

    /** Name of the election as plain text: of the lock that the leader holds. */
    @Nonbinding
    String value();

    /** What becomes of a call while this application does not lead; {@link NotLeaderException} with FAIL. */
    @Nonbinding
    OnBusy onFollower() default OnBusy.SKIP;
}
