/** Runs worlds by their seeds: one, many, for hours, again, and as small as possible. */
@NullMarked
package io.holdfast.simulator;

import org.jspecify.annotations.NullMarked;
