/** Certificates that the operator makes, and the authorities that sign them. */
@NullMarked
package io.holdfast.operator.tls;

import org.jspecify.annotations.NullMarked;
