/** Whole nodes as processes of this machine that tests and measurements start, kill and start again. */
@NullMarked
package io.holdfast.ensemble;

import org.jspecify.annotations.NullMarked;
