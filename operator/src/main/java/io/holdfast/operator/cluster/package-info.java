/** The reconciler of ensembles: looks, decides, acts, reports. */
@NullMarked
package io.holdfast.operator.cluster;

import org.jspecify.annotations.NullMarked;
