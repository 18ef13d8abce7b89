package io.holdfast.operator.backup;

import io.holdfast.operator.crd.v1alpha1.LockCluster;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;

/** Names, labels and annotations of what belongs to backups. */
final class BackupNames {

    /** Deletes the file before the backup goes; on backups with deletionPolicy Delete only. */
    static final String FINALIZER = "holdfast.dev/backup-file";

    /** Of a backup: the schedule that it was made by. */
    static final String SCHEDULE = "holdfast.dev/schedule";

    /** Of a backup: the time for which its schedule made it. */
    static final String SCHEDULED_AT = "holdfast.dev/scheduled-at";

    /** Of a backup: its schedule does not keep it, so its file goes and then it. */
    static final String EXPIRED = "holdfast.dev/expired";

    /** Of a job and its pods: uid of the backup. */
    static final String BACKUP_UID = "holdfast.dev/backup-uid";

    /** Value of {@code app.kubernetes.io/name} of jobs: no selector of a cluster's objects selects their pods. */
    static final String APP = "holdfast-backup";

    /** Value of {@code app.kubernetes.io/managed-by}. */
    static final String OPERATOR = "holdfast-operator";

    private static final int NAME_CHARS_MAX = 63;
    private static final int HASH_CHARS = 8;
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmm", Locale.ROOT).withZone(ZoneOffset.UTC);

    private BackupNames() {}

    /** Returns the name of the job that makes a backup. */
    static String job(String uid) {
        return "backup-" + uid;
    }

    /** Returns the name of the job that deletes the file of a backup. */
    static String deletion(String uid) {
        return "backup-delete-" + uid;
    }

    /** Returns the name of the backup that a schedule makes for a time: the same for the same time. */
    static String run(String schedule, Instant scheduledAt) {
        String time = "-" + MINUTE.format(scheduledAt);
        int room = NAME_CHARS_MAX - time.length();
        if (schedule.length() <= room) {
            return schedule + time;
        }
        String hash = hash(schedule);
        return schedule.substring(0, room - hash.length() - 1) + "-" + hash + time;
    }

    /** Returns the id of a cluster's ensemble. */
    static String clusterId(LockCluster cluster) {
        String given = cluster.getSpec().clusterId();
        var meta = cluster.getMetadata();
        return given == null ? meta.getNamespace() + "." + meta.getName() : given;
    }

    /** Returns some hexadecimal digits that differ for different texts. */
    static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, HASH_CHARS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
