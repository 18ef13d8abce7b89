/**
 * What each object of a cluster is to be: pure functions from the kinds, and from what the planner says, to Kubernetes'
 * objects. One class makes one object.
 *
 * <p>The objects are sent by server-side apply, so every field that Kubernetes would give a default is written out, and
 * the same specification gives the same bytes. A specification that cannot be carried out is refused with a
 * {@link io.holdfast.operator.desired.SpecRefusedException}.
 */
@NullMarked
package io.holdfast.operator.desired;

import org.jspecify.annotations.NullMarked;
