package io.holdfast.operator.plan.model;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.operator.plan.Action;
import io.holdfast.operator.plan.Look;
import io.holdfast.operator.plan.Planner;
import io.holdfast.operator.plan.Stage;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;

/**
 * Visits all states that a cluster reaches from some beginnings with faults, and checks the invariants in each. The
 * system property {@code holdfast.explorer.deep=true} has two faults everywhere, and takes many minutes.
 */
class ExplorerTest {

    private static final Logger LOG = Logger.getLogger(ExplorerTest.class);
    private static final boolean DEEP = Boolean.getBoolean("holdfast.explorer.deep");
    private static final int LIMIT = DEEP ? 20_000_000 : 200_000;
    private static final int WALKS = DEEP ? 2_000 : 12;

    @Test
    void anEnsembleBegins() {
        explore("begin 1+0", Worlds.empty(1, 0), 2);
        explore("begin 1+1", Worlds.empty(1, 1), 2);
        explore("begin 2+0", Worlds.empty(2, 0), 1);
        explore("begin 3+0", Worlds.empty(3, 0), 1);
    }

    @Test
    void anEnsembleBeginsWithABackup() {
        World restores = Worlds.empty(1, 0);
        Worlds.flags(restores, false, true, true);
        explore("restore 1+0", restores, 2);
    }

    @Test
    void anEnsembleThatIsWellStaysSo() {
        explore("steady 1+1", Worlds.converged(1, 1), 2);
        explore("steady 3+1", Worlds.converged(3, 1), 2);
    }

    @Test
    void votersComeAndLeave() {
        World grows = Worlds.converged(1, 0);
        Worlds.voters(grows, 3);
        explore("grow 1 to 3", grows, 1);
        World shrinks = Worlds.converged(3, 0);
        Worlds.voters(shrinks, 1);
        explore("shrink 3 to 1", shrinks, 1);
        World replaces = Worlds.converged(3, 0);
        Worlds.replace(replaces, 1);
        explore("replace 1 of 3", replaces, 1);
    }

    @Test
    void podsAreReplacedOneByOne() {
        for (int voters = 1; voters <= 3; voters++) {
            World rolls = Worlds.converged(voters, 1);
            rolls.template = "t2";
            explore("roll " + voters + "+1", rolls, 1);
        }
    }

    @Test
    void membersAreSecuredWhileTheyServe() {
        for (int voters : new int[] {1, 3}) {
            World secures = Worlds.converged(voters, 1);
            Worlds.stage(secures, Stage.SECURED);
            explore("secure " + voters + "+1", secures, voters == 1 ? 1 : 0);
        }
        World begins = Worlds.empty(2, 0);
        Worlds.stage(begins, Stage.SECURED);
        explore("begin secured 2+0", begins, 0);
        World opens = Worlds.converged(2, 1);
        opens.unnamed = Stage.SECURED;
        opens.stage = Stage.SECURED;
        explore("back to plain 2+1", opens, 0);
    }

    /** Five and seven voters have too many states to visit all of them. */
    @Test
    void largerEnsemblesHoldTheInvariantsOnManyWalks() {
        for (int seed = 1; seed <= WALKS; seed++) {
            Random random = new Random(seed);
            World world = Worlds.converged(seed % 2 == 0 ? 5 : 7, 2);
            try {
                new Walk(Planner::next, world, random).go(150, 3);
            } catch (Explorer.Violation violation) {
                throw new Explorer.Violation("walk " + seed + ": " + violation.getMessage());
            }
        }
    }

    private static void explore(String name, World start, int faults) {
        Explorer explorer = new Explorer(Planner::next);
        int states = explorer.explore(start, DEEP ? 2 : faults, LIMIT);
        LOG.infof("%s: %d states, at most %d steps to converge", name, states, explorer.longest());
        assertTrue(states > 1, name);
    }

    // Mistakes: each planner does one thing wrong, and the invariants find it.

    @Test
    void aPlannerThatDoesNotWaitForTheVoterThatItTookDownIsFound() {
        World rolls = Worlds.converged(3, 0);
        rolls.template = "t2";
        isFound(look -> Blind.toVotersOutOfStep(look, true), rolls, 0);
    }

    @Test
    void aPlannerThatChangesMembersWhileAChangeIsPendingIsFound() {
        World shrinks = Worlds.converged(3, 0);
        Worlds.voters(shrinks, 1);
        isFound(Blind::toPending, shrinks, 0);
    }

    @Test
    void aPlannerThatDeletesAClaimWhileAnotherVoterIsAwayIsFound() {
        isFound(look -> Blind.toVotersOutOfStep(look, false), Worlds.converged(3, 0), 2);
    }

    @Test
    void aPlannerThatFoundsWhenItsStatusIsGoneIsFound() {
        isFound(Blind::toGeneration, Worlds.converged(1, 0), 0);
    }

    @Test
    void aPlannerThatLeavesTheSettingsThatFoundIsFound() {
        isFound(Blind::toFounding, Worlds.empty(3, 0), 0);
    }

    @Test
    void aPlannerThatUsesAnIdAgainIsFound() {
        World replaces = Worlds.converged(3, 0);
        Worlds.replace(replaces, 2);
        Explorer explorer = new Explorer((look, now) -> {
            Action action = Planner.next(look, now);
            return action instanceof Action.NewVoter voter
                    ? new Action.NewVoter(voter.row(), voter.why(), voter.id() - 1)
                    : action;
        });
        assertThrows(Explorer.Violation.class, () -> explorer.explore(replaces, 0, LIMIT));
    }

    @Test
    void aPlannerThatGivesTheTemplateToAllAtOnceIsFound() {
        World rolls = Worlds.converged(3, 0);
        rolls.template = "t2";
        Explorer explorer = new Explorer((look, now) -> {
            List<Look.Voter> old = look.voters().stream()
                    .filter(voter ->
                            voter.set() != null && !voter.set().template().equals("t2"))
                    .toList();
            return old.isEmpty()
                    ? Planner.next(look, now)
                    : new Action.ApplyTemplate(
                            25, "all at once", old.get(0).set().version(), "t2");
        });
        assertThrows(Explorer.Violation.class, () -> explorer.explore(rolls, 0, LIMIT));
    }

    @Test
    void aPlannerThatSecuresMembersWithoutABridgeIsFound() {
        World secures = Worlds.converged(2, 0);
        Worlds.stage(secures, Stage.SECURED);
        Explorer explorer = new Explorer((look, now) -> {
            Action action = Planner.next(look, now);
            return action instanceof Action.Secure secure
                    ? new Action.Secure(secure.row(), secure.why(), Stage.SECURED)
                    : action;
        });
        assertThrows(Explorer.Violation.class, () -> explorer.explore(secures, 0, LIMIT));
    }

    @Test
    void aPlannerThatWaitsForEverIsFound() {
        World grows = Worlds.converged(1, 0);
        Worlds.voters(grows, 3);
        Explorer explorer = new Explorer((look, now) -> {
            Action action = Planner.next(look, now);
            return action instanceof Action.Promote
                    ? new Action.Wait(22, "not today", Action.Reason.JOINING, null)
                    : action;
        });
        assertThrows(Explorer.Violation.class, () -> explorer.explore(grows, 0, LIMIT));
    }

    private static void isFound(UnaryOperator<Look> blind, World start, int faults) {
        Explorer explorer = new Explorer((look, now) -> Planner.next(blind.apply(look), now));
        assertThrows(Explorer.Violation.class, () -> explorer.explore(start, faults, LIMIT));
    }
}
