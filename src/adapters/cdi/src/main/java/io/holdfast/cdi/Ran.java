package io.holdfast.cdi;

import org.jspecify.annotations.Nullable;

/**
 * That a method was run.
 *
 * @param value what it returned
 */
record Ran(@Nullable Object value) {}
