/** Carries out one action at a time, each write conditional on what the look saw. */
@NullMarked
package io.holdfast.operator.act;

import org.jspecify.annotations.NullMarked;
