/**
 * What to do next for one cluster: a pure function from one {@link io.holdfast.operator.plan.Look} to one
 * {@link io.holdfast.operator.plan.Action}. It knows the JDK only, has no clock, and remembers nothing.
 */
@NullMarked
package io.holdfast.operator.plan;

import org.jspecify.annotations.NullMarked;
