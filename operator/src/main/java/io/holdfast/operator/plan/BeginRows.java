package io.holdfast.operator.plan;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rows 1 to 7: what comes before everything else, and how an ensemble begins, once. */
final class BeginRows {

    private static final int DIRECTORY_REFUSED = 73;
    private static final Set<Integer> RESTORE_REFUSED = Set.of(64, 65, 66, DIRECTORY_REFUSED);

    private final Facts facts;
    private final Look look;

    BeginRows(Facts facts) {
        this.facts = facts;
        this.look = facts.look();
    }

    /** Row 1. */
    @Nullable
    Action paused() {
        return look.wanted().paused()
                ? wait(
                        1,
                        "the annotation holdfast.dev/paused is set: nothing is done until it is removed",
                        Action.Reason.PAUSED)
                : null;
    }

    /** Row 2. */
    @Nullable
    Action nameTaken() {
        return look.foreign().isEmpty()
                ? null
                : wait(
                        2,
                        String.join(", ", look.foreign()) + " is not of this cluster and has a name that it needs:"
                                + " remove it, or choose another name for the cluster",
                        Action.Reason.NAME_TAKEN);
    }

    /** Row 3: claims of before are taken back with their ids. Where there are any, nothing is founded. */
    @Nullable
    Action adopt() {
        if (isBegun() || !isAdopting()) {
            return null;
        }
        List<Look.Voter> kept = look.voters().stream()
                .filter(voter -> voter.claim() != null && voter.claim().mark() == Look.Mark.NONE)
                .toList();
        List<Integer> ids = kept.stream().map(Look.Voter::id).toList();
        List<Look.Claim> unclaimed = kept.stream()
                .map(Look.Voter::claim)
                .filter(claim -> claim != null && isKept(claim))
                .toList();
        boolean isStarted = look.start() instanceof Look.Start.Joining;
        boolean isComplete = kept.stream().allMatch(voter -> voter.set() != null);
        if (!isStarted || !unclaimed.isEmpty() || !isComplete) {
            return new Action.Adopt(
                    3,
                    "volumes of " + ids + " are kept from a cluster of this name: they are taken back, and nothing"
                            + " is founded",
                    look.start(),
                    unclaimed,
                    ids);
        }
        return facts.confirmed().map(this::recorded).orElse(null);
    }

    private Action recorded(Look.Ensemble.Confirmed ensemble) {
        return new Action.RecordGeneration(
                3, "the kept volumes are an ensemble again", ensemble.generation(), nextId());
    }

    /** Row 4. Nothing is begun that cannot be carried out. */
    @Nullable
    Action found() {
        Action found = foundOrReplace();
        String refusal = look.wanted().refusal();
        return found instanceof Action.Found && refusal != null ? wait(4, refusal, Action.Reason.SPEC_REFUSED) : found;
    }

    private @Nullable Action foundOrReplace() {
        boolean isFirstVoterThere = look.voter(1)
                .filter(voter -> voter.set() != null
                        && (voter.claim() != null || look.wanted().storage().ephemeral()))
                .isPresent();
        boolean hasStart = !(look.start() instanceof Look.Start.None);
        if (isBegun()) {
            return foundsEachTime() && !hasStart
                    ? new Action.Found(4, "the settings from which the one voter founds its ensemble are gone")
                    : null;
        }
        if (isAdopting()) {
            return null;
        }
        return hasStart && isFirstVoterThere
                ? look.voter(1).map(this::replaceLost).orElse(null)
                : new Action.Found(4, "there is no ensemble yet: voter 1 founds it alone");
    }

    /** Nothing was acknowledged yet, so a volume that is lost before the ensemble is founded is simply made anew. */
    private @Nullable Action replaceLost(Look.Voter voter) {
        Look.Claim claim = voter.claim();
        if (claim == null || claim.phase() != Look.ClaimPhase.LOST || claim.terminating()) {
            return null;
        }
        Look.Version pod = voter.pod() == null ? null : voter.pod().version();
        return new Action.ReplaceClaim(
                4, "the claim of voter 1 has lost its volume before there is an ensemble", 1, claim.version(), pod);
    }

    /** Row 5. */
    @Nullable
    Action restoreRefused() {
        if (isBegun() || !look.wanted().restore()) {
            return null;
        }
        Look.Pod pod = look.voter(1).map(Look.Voter::pod).orElse(null);
        Look.Exit exit = pod == null ? null : refused(pod);
        return exit == null
                ? null
                : wait(
                        5,
                        "the backup is not restored (exit code " + exit.code() + "): " + exit.message(),
                        Action.Reason.RESTORE_REFUSED);
    }

    /** That a backup is of another ensemble is found out by the server: the directory is not of the id that it has. */
    private static Look.@Nullable Exit refused(Look.Pod pod) {
        Look.Exit restore = pod.restoreExit();
        if (restore != null && RESTORE_REFUSED.contains(restore.code())) {
            return restore;
        }
        Look.Exit server = pod.lastExit();
        return server != null && server.code() == DIRECTORY_REFUSED && !pod.ready() ? server : null;
    }

    /** Row 6. Until nothing founds any more, nothing was acknowledged, and what leads alone is the ensemble. */
    @Nullable
    Action record() {
        Look.Ensemble.Confirmed ensemble = facts.confirmed().orElse(null);
        boolean isNew = !isBegun() || (isFounding() && facts.quorate().isEmpty());
        if (!isNew
                || isAdopting()
                || ensemble == null
                || ensemble.leader() != 1
                || ensemble.members().size() != 1) {
            return null;
        }
        return new Action.RecordGeneration(6, "voter 1 leads the new ensemble alone", ensemble.generation(), nextId());
    }

    /** Row 7: from the moment the generation is recorded, nothing founds. */
    @Nullable
    Action closeFounding() {
        if (!isBegun() || foundsEachTime()) {
            return null;
        }
        List<Integer> voters = voters();
        if (look.start() instanceof Look.Start.Founding founding) {
            return new Action.CloseFounding(
                    7,
                    "the ensemble is founded: whatever starts empty from now on joins it",
                    founding.version(),
                    voters);
        }
        if (look.start() instanceof Look.Start.Joining joining && isOfAnotherGeneration(joining)) {
            return new Action.UpdateJoin(
                    7,
                    "the settings from which pods start do not name the recorded generation",
                    joining.version(),
                    voters);
        }
        if (look.start() instanceof Look.Start.None) {
            return new Action.UpdateJoin(7, "the settings from which pods start are gone", null, voters);
        }
        Action drop = dropRestore();
        return drop != null ? drop : labelClaim();
    }

    /** Those that name none are of the time before the ensemble was recorded. */
    private boolean isOfAnotherGeneration(Look.Start.Joining joining) {
        return !Objects.equals(joining.generation(), look.recorded().generation());
    }

    /**
     * What restores a backup needs a store, a Secret or a claim. It must not keep the voter away when one of them is
     * gone by the time the pod is made anew. The pod that runs stays.
     */
    private @Nullable Action dropRestore() {
        for (Look.Voter voter : look.voters()) {
            Look.StatefulSet set = voter.set();
            if (set != null && set.restores()) {
                return new Action.DropRestore(
                        7, "voter " + voter.id() + " never restores a backup again", voter.id(), set.version());
            }
        }
        return null;
    }

    /** The label of a claim tells its generation, also while its pod does not run. */
    private @Nullable Action labelClaim() {
        Long generation = look.recorded().generation();
        for (Look.Voter voter : look.voters()) {
            Look.Claim claim = voter.claim();
            if (generation != null
                    && claim != null
                    && claim.generation() == null
                    && !claim.terminating()
                    && claim.mark() == Look.Mark.NONE
                    && claim.madeFor().equals(look.wanted().uid())) {
                return new Action.LabelClaim(
                        7,
                        "the claim of voter " + voter.id() + " is older than the ensemble",
                        voter.id(),
                        claim.version(),
                        generation);
            }
        }
        return null;
    }

    /** Returns the ids of the voters, as well as they are known. */
    private List<Integer> voters() {
        List<Integer> voting =
                look.voters().stream().filter(facts::votes).map(Look.Voter::id).toList();
        if (!voting.isEmpty()) {
            return voting;
        }
        List<Integer> staying = facts.staying().stream().map(Look.Voter::id).toList();
        return staying.isEmpty() ? List.of(1) : staying;
    }

    private boolean isBegun() {
        return look.recorded().generation() != null;
    }

    /** The one voter without a volume founds a new ensemble with every pod. */
    private boolean foundsEachTime() {
        return look.wanted().storage().ephemeral();
    }

    /** Claims of before are there, or were and are being taken back. */
    private boolean isAdopting() {
        if (look.start() instanceof Look.Start.Joining) {
            return true;
        }
        boolean hasBegun = isFounding() && look.voter(1).stream().anyMatch(this::isOwn);
        return !hasBegun && look.voters().stream().anyMatch(voter -> voter.claim() != null && isKept(voter.claim()));
    }

    private boolean isFounding() {
        return look.start() instanceof Look.Start.Founding;
    }

    private boolean isOwn(Look.Voter voter) {
        return voter.claim() != null
                && voter.claim().madeFor().equals(look.wanted().uid());
    }

    private boolean isKept(Look.Claim claim) {
        return claim.mark() == Look.Mark.NONE
                && !claim.madeFor().equals(look.wanted().uid());
    }

    private int nextId() {
        return Math.max(look.recorded().nextId(), facts.highestId() + 1);
    }

    private static Action wait(int row, String why, Action.Reason reason) {
        return new Action.Wait(row, why, reason, null);
    }
}
