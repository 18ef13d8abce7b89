package io.holdfast.operator.backup;

import io.holdfast.operator.crd.v1alpha1.LockClusterBackup;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Finds backups that are being deleted and have our finalizer: the SDK does not tell of them, since it did not set the
 * finalizer. A cache says which to look at, nothing else. One thread of its own.
 */
final class Deletions implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Deletions.class);
    private static final long INTERVAL_MILLIS = 1_000;

    /** Backups in one round at most; the others follow in the next one. */
    private static final int ROUND_MAX = 20;

    private final BackupWork work;
    private final InstantSource clock;
    private final ScheduledExecutorService thread;
    private volatile @Nullable Future<?> rounds;

    /** When a backup is due, by uid; for pacing only. */
    private final Map<String, Instant> due = new HashMap<>();

    Deletions(BackupWork work, InstantSource clock) {
        this.work = work;
        this.clock = clock;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "holdfast-backup-deletions");
            made.setDaemon(true);
            return made;
        });
    }

    /** Begins to look. */
    void watch(IndexerResourceCache<LockClusterBackup> backups) {
        rounds = thread.scheduleWithFixedDelay(
                () -> round(backups), INTERVAL_MILLIS, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void round(IndexerResourceCache<LockClusterBackup> backups) {
        try {
            List<LockClusterBackup> going = backups.list(Deletions::isOurs).toList();
            due.keySet()
                    .retainAll(going.stream()
                            .map(backup -> backup.getMetadata().getUid())
                            .toList());
            going.stream().filter(this::isDue).limit(ROUND_MAX).forEach(this::go);
        } catch (RuntimeException e) {
            LOG.warnf("Backups that are being deleted: %s", Lines.shorter(e.getMessage(), 300));
        }
    }

    private static boolean isOurs(LockClusterBackup backup) {
        return backup.getMetadata().getDeletionTimestamp() != null
                && backup.getMetadata().getFinalizers().contains(BackupNames.FINALIZER);
    }

    private boolean isDue(LockClusterBackup backup) {
        Instant at = due.get(backup.getMetadata().getUid());
        return at == null || !clock.instant().isBefore(at);
    }

    private void go(LockClusterBackup backup) {
        var meta = backup.getMetadata();
        Duration again = BackupStep.SOON;
        try {
            again = work.run(meta.getNamespace(), meta.getName());
        } catch (RuntimeException e) {
            LOG.warnf(
                    "LockClusterBackup %s/%s is not deleted yet: %s",
                    meta.getNamespace(), meta.getName(), Lines.shorter(e.getMessage(), 300));
        }
        Duration bounded = again.compareTo(BackupStep.SOON) < 0 ? again : BackupStep.SOON;
        due.put(meta.getUid(), clock.instant().plus(bounded));
    }

    @Override
    public void close() {
        Future<?> present = rounds;
        if (present != null) {
            present.cancel(true);
        }
        thread.shutdownNow();
    }
}
