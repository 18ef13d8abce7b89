/** The Kubernetes operator of Holdfast. */
@NullMarked
package io.holdfast.operator;

import org.jspecify.annotations.NullMarked;
