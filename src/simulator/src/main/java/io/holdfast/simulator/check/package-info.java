/**
 * What must hold in every run, one class for each invariant (correctness.md#the-simulator); each receives all events.
 */
@NullMarked
package io.holdfast.simulator.check;

import org.jspecify.annotations.NullMarked;
