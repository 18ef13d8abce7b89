package io.holdfast.cdi;

import io.holdfast.client.DistributedLock;
import io.holdfast.client.DistributedReadWriteLock;
import jakarta.enterprise.util.Nonbinding;
import jakarta.inject.Qualifier;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Injects the {@link DistributedLock} or the {@link DistributedReadWriteLock} of a name. */
@Qualifier
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.PARAMETER, ElementType.METHOD})
public @interface HoldfastLock {

    /** Name of the lock as plain text; characters that a name cannot have are escaped. */
    @Nonbinding
    String value();
}
