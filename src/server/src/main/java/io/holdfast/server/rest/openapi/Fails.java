package io.holdfast.server.rest.openapi;

import io.holdfast.api.ProblemType;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The problems that a call can end in, besides those of every call; the API description lists them by status. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Fails {

    /** The problems, in any order. */
    ProblemType[] value();
}
