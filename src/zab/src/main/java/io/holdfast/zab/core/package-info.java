/**
 * The protocol as a deterministic state machine: {@link io.holdfast.zab.core.Zab} is told events with the time at which
 * they happened and answers with effects, in order.
 *
 * <p>Nothing in here reads a clock, draws a random number, starts a thread or does I/O. That is what lets a simulator
 * run the very code that production runs.
 */
@NullMarked
package io.holdfast.zab.core;

import org.jspecify.annotations.NullMarked;
