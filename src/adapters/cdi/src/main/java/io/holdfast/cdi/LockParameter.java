package io.holdfast.cdi;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Names a parameter for {@link Locked#name()}, where its own name is another or is not compiled in. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PARAMETER)
public @interface LockParameter {

    /** The name between the braces. */
    String value();
}
