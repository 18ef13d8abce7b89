package io.holdfast.operator.death;

/**
 * Whether a pod is dead.
 *
 * @param isProven whether nothing of it can run any more, by what was seen
 * @param reason one line: what proves it, or why nothing does
 */
public record Verdict(boolean isProven, String reason) {

    static Verdict dead(String reason) {
        return new Verdict(true, reason);
    }

    static Verdict unknown(String reason) {
        return new Verdict(false, reason);
    }
}
