package io.holdfast.operator.plan;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code LockCluster} asks for, by its spec and its annotations.
 *
 * @param uid of the {@code LockCluster}
 * @param voters 1 to 7
 * @param restore whether the ensemble begins with a backup
 * @param storage of each voter
 * @param updates how fast pods may be replaced
 * @param paused annotation {@code holdfast.dev/paused}
 * @param replace annotation {@code holdfast.dev/replace}: the voter that is to be replaced by a new one
 * @param readmit annotation {@code holdfast.dev/readmit}: the voter whose new disk may vote
 * @param recover annotation {@code holdfast.dev/recover}
 * @param mayRoll whether this cluster may begin to replace pods that are well; of several clusters that an upgrade of
 *     the operator concerns, one at a time may
 * @param refusal why no pods can be made from the specification, in words; absent when they can. What is there goes on
 *     as it was made last
 * @param stage how members are to secure their connections in the end: {@link Stage#PLAIN} or {@link Stage#SECURED}
 */
public record Wanted(
        String uid,
        int voters,
        boolean restore,
        Storage storage,
        Updates updates,
        boolean paused,
        @Nullable Integer replace,
        @Nullable Integer readmit,
        Recover recover,
        boolean mayRoll,
        @Nullable String refusal,
        Stage stage) {

    /** One whose members secure nothing. */
    public Wanted(
            String uid,
            int voters,
            boolean restore,
            Storage storage,
            Updates updates,
            boolean paused,
            @Nullable Integer replace,
            @Nullable Integer readmit,
            Recover recover,
            boolean mayRoll,
            @Nullable String refusal) {
        this(uid, voters, restore, storage, updates, paused, replace, readmit, recover, mayRoll, refusal, Stage.PLAIN);
    }

    /** Returns the same with another stage. */
    public Wanted with(Stage other) {
        return new Wanted(
                uid, voters, restore, storage, updates, paused, replace, readmit, recover, mayRoll, refusal, other);
    }

    /**
     * Volumes of voters.
     *
     * @param ephemeral whether the one voter has no claim at all
     * @param bytes wanted size of each claim
     * @param replaceLost {@code onLoss: Replace}
     * @param lossAfter how long a voter was out of step before its lost volume is replaced
     * @param deleteRemoved {@code whenRemoved: Delete}
     */
    public record Storage(
            boolean ephemeral, long bytes, boolean replaceLost, Duration lossAfter, boolean deleteRemoved) {}

    /**
     * Bounds of a rollout.
     *
     * @param minReady how long all voters were ready before the next one is taken down
     * @param progressDeadline after which a pod that is not ready is stuck
     * @param lagMax transactions that a voter in step lags at most
     */
    public record Updates(Duration minReady, Duration progressDeadline, long lagMax) {}

    /** What the annotation {@code holdfast.dev/recover} asks for. */
    public sealed interface Recover {

        /** It is absent. */
        record No() implements Recover {}

        /**
         * {@code look}: stop all voters and examine their volumes.
         *
         * @param force {@code force-look}: also when it seems that a quorum serves, which the operator does not reach
         */
        record Examine(boolean force) implements Recover {}

        /**
         * {@code 2/3f9a-12cd}: go on with this voter alone.
         *
         * @param id the voter's
         * @param code that was shown for its volume
         */
        record Confirm(int id, String code) implements Recover {}
    }

    /** Reasons for which a pod's containers do not run and will not run by themselves. */
    static final Set<String> STUCK_REASONS = Set.of(
            "ErrImagePull",
            "ImagePullBackOff",
            "InvalidImageName",
            "ErrImageNeverPull",
            "CreateContainerError",
            "CreateContainerConfigError",
            "RunContainerError",
            "CrashLoopBackOff");
}
