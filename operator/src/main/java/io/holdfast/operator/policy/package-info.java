/** The rules of access that LockPolicy objects make. */
@NullMarked
package io.holdfast.operator.policy;

import org.jspecify.annotations.NullMarked;
