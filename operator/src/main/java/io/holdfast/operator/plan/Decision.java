package io.holdfast.operator.plan;

import org.jspecify.annotations.Nullable;

/**
 * What the planner decides for one look.
 *
 * @param action the one thing to do
 * @param heldBack the wait that let the rows for observers go on; absent when nothing waits, and when the action is the
 *     wait
 */
public record Decision(Action action, Action.@Nullable Wait heldBack) {}
