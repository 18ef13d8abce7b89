package io.holdfast.operator.plan;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the one next action for a cluster with its observers: the table of the rows 1 to 28, of which the first that
 * holds counts. The same look at the same time gives the same action.
 *
 * <p>A wait of rows 1 to 12 ends the search. A wait of a later row holds back the voters only: the rows for observers
 * (27) are still read, and their action, if there is one, is done meanwhile.
 */
public final class Planner {

    /** A wait up to this row holds back observers, too. */
    private static final int LAST_ROW_FOR_ALL = 12;

    private Planner() {}

    /** Returns what to do next, and nothing else. */
    public static Action next(Look look, Instant now) {
        return decide(look, now).action();
    }

    /** Returns what to do next, and what holds the voters back meanwhile. */
    public static Decision decide(Look look, Instant now) {
        Facts facts = new Facts(look, now);
        Action voters = voters(facts);
        if (voters != null && !holdsBackVotersOnly(voters)) {
            return new Decision(voters, null);
        }
        Action observers = observers(facts);
        if (observers != null) {
            return new Decision(observers, (Action.Wait) voters);
        }
        if (voters != null) {
            return new Decision(voters, null);
        }
        return new Decision(remainder(facts), null);
    }

    private static boolean holdsBackVotersOnly(Action action) {
        return action instanceof Action.Wait && action.row() > LAST_ROW_FOR_ALL;
    }

    /** Rows 1 to 25, and absent when none holds. */
    private static @Nullable Action voters(Facts facts) {
        var begin = new BeginRows(facts);
        var recovery = new RecoveryRows(facts);
        var repair = new RepairRows(facts);
        var membership = new MembershipRows(facts);
        var rollout = new RolloutRows(facts);
        return first(
                begin::paused, //                           1
                begin::nameTaken, //                        2
                begin::adopt, //                            3
                begin::found, //                            4
                begin::restoreRefused, //                   5
                begin::record, //                           6
                begin::closeFounding, //                    7
                recovery::recreateOrStart, //               8
                recovery::repairStuck, //                   9
                recovery::recover, //                      10
                recovery::noQuorum, //                     11
                repair::changePending, //                  12
                repair::recreateOrStart, //                13
                repair::repairStuck, //                    14
                repair::giveUpOneOfTooMany, //             15
                repair::replaceVolume, //                  16
                repair::readmit, //                        17
                repair::awaitVoters, //                    18
                membership::remove, //                     19
                membership::deleteRemoved, //              20
                membership::admit, //                      21
                membership::promoteOrInitialize, //        22
                membership::addVoter, //                   23
                membership::markSurplus, //                24
                rollout::roll); //                         25
    }

    /** Row 27. */
    private static @Nullable Action observers(Facts facts) {
        var observers = new ObserverRows(facts);
        return first(
                observers::shrink,
                observers::removeMemberWithoutSet,
                observers::grow,
                observers::replaceFromAnotherGeneration,
                observers::admit);
    }

    /** Rows 26 and 28: what never holds anything else back, and then nothing. */
    private static Action remainder(Facts facts) {
        var rows = new UpkeepRows(facts);
        // A claim whose storage does not grow must not keep connections plain, nor a wait for them keep a claim small.
        Action secure = rows.secure();
        Action upkeep = secure instanceof Action.Secure ? secure : first(rows::resize, () -> secure);
        return upkeep != null ? upkeep : new Action.Converged(28, "everything is as the cluster asks for");
    }

    private static @Nullable Action first(Row... rows) {
        for (Row row : rows) {
            Action action = row.action();
            if (action != null) {
                return action;
            }
        }
        return null;
    }

    /** One row of the table. */
    @FunctionalInterface
    private interface Row {

        /** Returns its action; null when the row does not hold. */
        @Nullable
        Action action();
    }
}
