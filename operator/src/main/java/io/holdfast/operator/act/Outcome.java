package io.holdfast.operator.act;

import io.holdfast.operator.look.Texts;

/**
 * What became of one action.
 *
 * @param kind of outcome
 * @param says why, for people, where it was not simply done; one line
 */
public record Outcome(Kind kind, String says) {

    /** Kind of an outcome. */
    public enum Kind {
        /** It was done. */
        DONE,
        /** Nothing was to be done: it was so already, or the action is none. */
        NOTHING,
        /** What the look saw is not so any more: nothing, or not all of it, was done, and the next look decides. */
        STALE,
        /** Something refused it that ends by itself, such as a disruption budget. */
        WAIT,
        /** Something refused it that does not end by itself. */
        BLOCKED
    }

    /** It was done. */
    public static final Outcome DONE = new Outcome(Kind.DONE, "");
    /** Nothing was to be done. */
    public static final Outcome NOTHING = new Outcome(Kind.NOTHING, "");

    static Outcome stale(String says) {
        return new Outcome(Kind.STALE, Texts.line(says));
    }

    /** Returns the outcome of what is refused now, and will not be. */
    public static Outcome waits(String says) {
        return new Outcome(Kind.WAIT, Texts.line(says));
    }

    /** Returns the outcome of what is refused, and will be. */
    public static Outcome blocked(String says) {
        return new Outcome(Kind.BLOCKED, Texts.line(says));
    }

    /** Returns whether the rest of an action may follow. */
    public boolean goesOn() {
        return kind == Kind.DONE || kind == Kind.NOTHING;
    }

    /** Returns the outcome of two writes of which the second followed the first. */
    Outcome then(Outcome next) {
        return kind == Kind.DONE && next.kind == Kind.NOTHING ? this : next;
    }
}
