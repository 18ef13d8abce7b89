/** Pods as real processes of this machine. */
@NullMarked
package io.holdfast.operator.paper.kubelet;

import org.jspecify.annotations.NullMarked;
