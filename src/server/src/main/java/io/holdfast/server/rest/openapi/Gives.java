package io.holdfast.server.rest.openapi;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A way in which a call does what it was asked for. The API description gets it with the schema of the call's body;
 * what a call cannot do is in {@link Fails}.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Repeatable(Gives.All.class)
public @interface Gives {

    /** The status of the answer. */
    int status() default 200;

    /** When it is given, or what it is; a sentence. */
    String says();

    /** Bodies, of {@link Examples}; an answer without any has no body. */
    String[] examples() default {};

    /** All ways of one call. */
    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @interface All {
        Gives[] value();
    }
}
