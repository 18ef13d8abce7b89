package io.holdfast.operator.backup;

import io.holdfast.operator.crd.v1alpha1.BackupPhase;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one look at a backup asks for: a report, then an action.
 *
 * @param state what is to be reported; absent when what was reported stays
 * @param action what to do then
 * @param again when to look again, if nothing happens before; zero: not at all
 */
record BackupStep(@Nullable State state, BackupAction action, Duration again) {

    /** Progress is noticed by events; this is for those that were lost. */
    static final Duration LATER = Duration.ofSeconds(30);

    /** For what no event tells of. */
    static final Duration SOON = Duration.ofSeconds(5);

    /**
     * How far a backup is.
     *
     * @param reason one word, as of conditions
     * @param message what is so, and what to do
     * @param found what was stored, and where; absent before
     * @param startedAt when the job began; absent before
     * @param endedAt when the job ended; absent before
     * @param kept why the file of a backup that is being deleted is still there; absent when it is not being deleted
     */
    record State(
            BackupPhase phase,
            String reason,
            String message,
            @Nullable Found found,
            @Nullable String startedAt,
            @Nullable String endedAt,
            @Nullable Kept kept) {

        static State of(BackupPhase phase, String reason, String message) {
            return new State(phase, reason, message, null, null, null, null);
        }
    }

    /**
     * A backup that is stored.
     *
     * @param location as people are told it
     */
    record Found(String location, BackupReport report) {}

    /** Why a file is still there. */
    record Kept(String reason, String message) {}

    static BackupStep done() {
        return new BackupStep(null, new BackupAction.None(), Duration.ZERO);
    }

    static BackupStep act(BackupAction action) {
        return new BackupStep(null, action, SOON);
    }

    static BackupStep report(State state, Duration again) {
        return new BackupStep(state, new BackupAction.None(), again);
    }
}
