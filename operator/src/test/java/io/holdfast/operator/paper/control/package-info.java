/** The controllers of a control plane that the operator depends on. */
@NullMarked
package io.holdfast.operator.paper.control;

import org.jspecify.annotations.NullMarked;
