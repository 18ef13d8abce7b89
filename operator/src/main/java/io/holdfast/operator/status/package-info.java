/** Conditions, members and Events, made from a look as the last step. */
@NullMarked
package io.holdfast.operator.status;

import org.jspecify.annotations.NullMarked;
