package io.holdfast.lock.acl;

import java.util.List;
import java.util.function.ToIntFunction;

/**
 * What limits let one principal have; each is {@link Limit#NONE} where no limit bounds it. Of several limits that are
 * for a principal, the most particular one that sets a bound counts: one that names it, else one with the longest
 * beginning of its name, else one for a group; of two that are equally particular, the lower bound.
 *
 * @param sessions open sessions
 * @param grants grants and places in queues
 * @param streams streams of events at one node
 * @param rps requests in a second at one node
 */
public record Allowance(int sessions, int grants, int streams, int rps) {

    /** Of a principal without limits. */
    public static final Allowance UNBOUNDED = new Allowance(Limit.NONE, Limit.NONE, Limit.NONE, Limit.NONE);

    /** Returns what a principal may have. */
    public static Allowance of(AclDocument document, Subject subject) {
        List<Limit> limits = document.limits();
        if (limits.isEmpty()) {
            return UNBOUNDED;
        }
        return new Allowance(
                bound(limits, subject, Limit::sessions),
                bound(limits, subject, Limit::grants),
                bound(limits, subject, Limit::streams),
                bound(limits, subject, Limit::rps));
    }

    private static int bound(List<Limit> limits, Subject subject, ToIntFunction<Limit> part) {
        int bound = Limit.NONE;
        int rank = Names.NO_MATCH;
        for (Limit limit : limits) {
            int value = part.applyAsInt(limit);
            int its = value == Limit.NONE ? Names.NO_MATCH : Names.rank(limit.to(), subject);
            if (its > rank || (its == rank && its != Names.NO_MATCH && value < bound)) {
                rank = its;
                bound = value;
            }
        }
        return bound;
    }
}
