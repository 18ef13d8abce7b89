package io.holdfast.operator.backup;

import io.fabric8.kubernetes.api.model.Condition;
import io.holdfast.operator.backup.BackupConditions.Reason;
import io.holdfast.operator.crd.v1alpha1.BackupPhase;
import io.holdfast.operator.crd.v1alpha1.LockClusterBackup;
import io.holdfast.operator.crd.v1alpha1.LockClusterBackupScheduleSpec;
import io.holdfast.operator.crd.v1alpha1.LockClusterBackupScheduleStatus;
import io.holdfast.operator.crd.v1alpha1.LockClusterBackupStatus;
import io.holdfast.operator.crd.v1alpha1.Removal;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What comes next for a schedule: a pure function of a look and of the present. Which run was the last is read from the
 * backups that are there and from the status, so that a run is never made twice.
 */
final class ScheduleDecision {

    /** A look at least this often, in case that an event or a timer was lost. */
    static final Duration LATER = Duration.ofMinutes(5);

    private static final Duration SOONEST = Duration.ofMillis(100);
    private static final Comparator<LockClusterBackup> NEWEST_FIRST =
            Comparator.comparing(ScheduleLook::scheduledAt).reversed();

    private final ScheduleLook look;
    private final LockClusterBackupScheduleSpec spec;
    private final Instant now;

    private ScheduleDecision(ScheduleLook look, Instant now) {
        this.look = look;
        this.spec = look.schedule().getSpec();
        this.now = now;
    }

    /** Returns what comes next. */
    static ScheduleStep next(ScheduleLook look, Instant now) {
        return new ScheduleDecision(look, now).next();
    }

    private ScheduleStep next() {
        try {
            return scheduled(Schedules.next(spec.schedule(), spec.timeZone(), after(), startingDeadline(), now));
        } catch (BadScheduleException e) {
            String message = Objects.requireNonNullElse(e.getMessage(), "the schedule cannot be read");
            return step(new Reason("BadSchedule", message), false, null, surplus(), LATER);
        }
    }

    private ScheduleStep scheduled(Schedules.Times times) {
        if (spec.suspend()) {
            return step(
                    new Reason("Suspended", "spec.suspend is true: no further backups until it is false"),
                    false,
                    null,
                    surplus(),
                    LATER);
        }
        Optional<LockClusterBackup> underWay =
                look.backups().stream().filter(ScheduleLook::isUnderWay).findFirst();
        Instant due = times.due();
        if (due != null && underWay.isEmpty()) {
            String name = BackupNames.run(look.schedule().getMetadata().getName(), due);
            return step(
                    new Reason("OnTime", "the next backup is due at " + times.next()),
                    true,
                    times.next(),
                    new ScheduleAction.MakeBackup(name, due),
                    SOONEST);
        }
        return step(
                reason(times, underWay.orElse(null)), times.missed() == null, times.next(), surplus(), until(times));
    }

    private Reason reason(Schedules.Times times, @Nullable LockClusterBackup underWay) {
        if (times.missed() != null) {
            return new Reason(
                    "RunMissed",
                    "the backup of " + times.missed() + " did not begin within startingDeadline ("
                            + spec.startingDeadline()
                            + ") and is not made up: make a LockClusterBackup by hand, or wait for "
                            + times.next());
        }
        if (times.due() != null && underWay != null) {
            return new Reason(
                    "RunWaits",
                    "the backup of " + times.due() + " waits for LockClusterBackup "
                            + underWay.getMetadata().getName() + ", which has not ended");
        }
        return new Reason("OnTime", "the next backup is due at " + times.next());
    }

    private Duration until(Schedules.Times times) {
        Duration left = Duration.between(now, times.next());
        Duration bounded = left.compareTo(LATER) < 0 ? left : LATER;
        return bounded.compareTo(SOONEST) < 0 ? SOONEST : bounded;
    }

    /** Runs up to this time were made, or are not asked for. */
    private Instant after() {
        LockClusterBackupScheduleStatus status = look.schedule().getStatus();
        String created = look.schedule().getMetadata().getCreationTimestamp();
        Stream<@Nullable Instant> known = Stream.of(
                ScheduleLook.time(created), status == null ? null : ScheduleLook.time(status.lastScheduleTime()));
        // A time to come is nothing that was made: a clock was wrong, or an annotation is.
        return Stream.concat(known, look.backups().stream().map(ScheduleLook::notedTime))
                .filter(Objects::nonNull)
                .filter(at -> !at.isAfter(now))
                .max(Comparator.naturalOrder())
                .orElse(now);
    }

    private Duration startingDeadline() throws BadScheduleException {
        return Spans.read(spec.startingDeadline())
                .orElseThrow(() -> new BadScheduleException("startingDeadline '"
                        + Lines.shorter(spec.startingDeadline(), 40)
                        + "' is no duration: use a number and ms, s, m or h,"
                        + " such as 1h"));
    }

    /** The oldest backup that is stored and not kept. One that failed never makes one go that is stored. */
    private ScheduleAction surplus() {
        List<LockClusterBackup> stored = look.backups().stream()
                .filter(backup -> ScheduleLook.phase(backup) == BackupPhase.COMPLETED)
                .filter(backup -> !ScheduleLook.goes(backup))
                .sorted(NEWEST_FIRST)
                .toList();
        if (stored.size() <= Math.max(1, spec.keep())) {
            return new ScheduleAction.None();
        }
        LockClusterBackup oldest = stored.get(stored.size() - 1);
        return oldest.getSpec().deletionPolicy() == Removal.DELETE
                ? new ScheduleAction.Expire(oldest)
                : new ScheduleAction.Delete(oldest);
    }

    private ScheduleStep step(
            Reason why, boolean onTime, @Nullable Instant next, ScheduleAction action, Duration again) {
        LockClusterBackupScheduleStatus before = look.schedule().getStatus();
        List<Condition> old = before == null ? List.of() : before.conditions();
        Long generation = look.schedule().getMetadata().getGeneration();
        Optional<LockClusterBackup> last = look.backups().stream().min(NEWEST_FIRST);
        String lastTime = last.map(backup -> ScheduleLook.scheduledAt(backup).toString())
                .orElse(before == null ? null : before.lastScheduleTime());
        String lastName =
                last.map(backup -> backup.getMetadata().getName()).orElse(before == null ? null : before.lastBackup());
        if (action instanceof ScheduleAction.MakeBackup make) {
            lastTime = make.scheduledAt().toString();
            lastName = make.name();
        }
        var status = new LockClusterBackupScheduleStatus(
                generation,
                later(lastTime, before == null ? null : before.lastScheduleTime()),
                next == null ? null : next.toString(),
                lastName,
                later(lastSuccess(), before == null ? null : before.lastSuccessfulTime()),
                List.of(BackupConditions.of(old, BackupConditions.SCHEDULED, onTime, why, generation, now)));
        return new ScheduleStep(status, action, action instanceof ScheduleAction.None ? again : SOONEST);
    }

    private @Nullable String lastSuccess() {
        return look.backups().stream()
                .filter(backup -> ScheduleLook.phase(backup) == BackupPhase.COMPLETED)
                .map(LockClusterBackup::getStatus)
                .filter(Objects::nonNull)
                .map(LockClusterBackupStatus::completedAt)
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElse(null);
    }

    private static @Nullable String later(@Nullable String one, @Nullable String other) {
        Instant first = ScheduleLook.time(one);
        Instant second = ScheduleLook.time(other);
        return first == null || (second != null && second.isAfter(first)) ? other : one;
    }
}
