package io.holdfast.operator.plan;

import org.jspecify.annotations.Nullable;

/** Row 26: what runs beside everything else and holds nothing back. */
final class UpkeepRows {

    private final Facts facts;

    UpkeepRows(Facts facts) {
        this.facts = facts;
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
