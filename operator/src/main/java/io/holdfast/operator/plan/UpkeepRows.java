package io.holdfast.operator.plan;

import org.jspecify.annotations.Nullable;

/** Row 26: what is done when all members are as wanted, and holds nothing back. */
final class UpkeepRows {

    private final Facts facts;

    UpkeepRows(Facts facts) {
        this.facts = facts;
    }

    /**
     * Members go from plain connections to secured ones, or back, over a stage in which they take both. Each step makes
     * all pods anew, so it begins when none of them is old; the plain connections are given up when none is left.
     */
    @Nullable
    Action secure() {
        Look look = facts.look();
        Stage has = look.recorded().stage();
        Stage wanted = facts.wanted().stage();
        if (has == wanted || facts.wanted().refusal() != null) {
            return null;
        }
        if (has != Stage.BRIDGE) {
            return new Action.Secure(26, "members take plain and secured connections, one by one", Stage.BRIDGE);
        }
        if (wanted == Stage.PLAIN) {
            return new Action.Secure(26, "members secure no connections any more, one by one", Stage.PLAIN);
        }
        Integer plain = firstWithPlainLinks(look);
        return plain == null
                ? new Action.Secure(
                        26, "no connection is plain any more: members take secured ones only", Stage.SECURED)
                : new Action.Wait(
                        26,
                        "member " + plain + " has connections that are not secured, or does not say",
                        Action.Reason.SECURING,
                        plain);
    }

    private static @Nullable Integer firstWithPlainLinks(Look look) {
        for (Look.Voter voter : look.voters()) {
            if (voter.pod() != null && !isSecured(voter.pod())) {
                return voter.id();
            }
        }
        return look.observers().stream()
                .flatMap(set -> set.pods().stream())
                .filter(observer -> !isSecured(observer.pod()))
                .map(Look.ObserverPod::id)
                .findFirst()
                .orElse(null);
    }

    private static boolean isSecured(Look.Pod pod) {
        Look.Answer answer = pod.answer();
        return answer != null && Integer.valueOf(0).equals(answer.plainLinks());
    }

    /** One claim grows. */
    @Nullable
    Action resize() {
        long wanted = facts.wanted().storage().bytes();
        for (Look.Voter voter : facts.staying()) {
            Look.Claim claim = voter.claim();
            if (claim != null && !claim.terminating() && claim.requestedBytes() < wanted) {
                return new Action.Resize(
                        26,
                        "the claim of voter " + voter.id() + " is smaller than wanted",
                        voter.id(),
                        claim.version(),
                        wanted);
            }
        }
        return null;
    }
}
