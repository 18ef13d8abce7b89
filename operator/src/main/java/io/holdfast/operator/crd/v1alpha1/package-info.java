/**
 * The kinds of {@code holdfast.dev/v1alpha1}, from which the definitions in {@code k8s/crds} are generated.
 *
 * <p>All of it is immutable: a specification is read from the API server and never changed, a status is made new and
 * written as a whole. What is absent has its default here too, so that an object that never went through the API
 * server's defaulting is read in the same way.
 */
@NullMarked
package io.holdfast.operator.crd.v1alpha1;

import org.jspecify.annotations.NullMarked;
