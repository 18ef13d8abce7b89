package io.holdfast.guard.rest;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Has requests of a resource method, or of all methods of a class, pass a fence: they carry the fencing token of a
 * grant, and are refused once a higher one was seen. It works where a {@link FenceFeature} is registered.
 *
 * <p>It may stand on the method, on one that it overrides or implements, or on the class or what that extends or
 * implements; the first of these counts.
 */
@Documented
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface Fenced {

    /** Name of what is written, with the path parameters of the request in braces, as {@code accounts/{id}}. */
    String value();
}
