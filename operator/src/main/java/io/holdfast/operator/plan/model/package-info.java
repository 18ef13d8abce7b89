/**
 * A model of what the planner's actions do: to the objects of Kubernetes, to the pods and to the ensemble. A dry run
 * reads from it what would be done; the tests explore it with faults.
 */
@NullMarked
package io.holdfast.operator.plan.model;

import org.jspecify.annotations.NullMarked;
