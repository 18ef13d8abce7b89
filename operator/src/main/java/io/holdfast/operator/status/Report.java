package io.holdfast.operator.status;

import io.holdfast.operator.act.Outcome;
import io.holdfast.operator.look.Complaint;
import io.holdfast.operator.look.Sight;
import io.holdfast.operator.plan.Action;
import io.holdfast.operator.plan.Decision;
import io.holdfast.operator.plan.Look;
import java.time.Instant;
import java.util.List;

/**
 * All that one reconciliation has to report.
 *
 * @param sight what was seen
 * @param decision what was decided
 * @param outcome what became of the action
 * @param complaints what a person should know of, and stops nothing
 * @param now when
 */
public record Report(Sight sight, Decision decision, Outcome outcome, List<Complaint> complaints, Instant now) {

    /** Copies the list. */
    public Report {
        complaints = List.copyOf(complaints);
    }

    /** Returns the look. */
    public Look look() {
        return sight.look();
    }

    /** Returns what is shown as going on: what holds the voters back counts more than what is done for observers. */
    public Action shown() {
        Action.Wait wait = decision.heldBack();
        return wait == null ? decision.action() : wait;
    }
}
