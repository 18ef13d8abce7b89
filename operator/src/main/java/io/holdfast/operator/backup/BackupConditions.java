package io.holdfast.operator.backup;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Conditions of backups and of schedules: what was so before decides since when something is so. Pure. */
final class BackupConditions {

    /** True when a backup is stored. */
    static final String COMPLETE = "Complete";

    /** True when a backup will not be stored. */
    static final String FAILED = "Failed";

    /** False when the file of a backup that is being deleted is still there. */
    static final String FILE_DELETED = "FileDeleted";

    /** True when runs of a schedule begin when they are due. */
    static final String SCHEDULED = "Scheduled";

    private static final int MESSAGE_CHARS_MAX = 1024;

    private BackupConditions() {}

    /** Returns a condition. */
    static Condition of(
            List<Condition> before, String type, boolean isSo, Reason why, @Nullable Long generation, Instant now) {
        String status = isSo ? "True" : "False";
        String since = find(before, type)
                .filter(condition -> status.equals(condition.getStatus()))
                .map(Condition::getLastTransitionTime)
                .filter(Objects::nonNull)
                .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString());
        return new ConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(why.reason())
                .withMessage(Lines.shorter(why.message(), MESSAGE_CHARS_MAX))
                .withLastTransitionTime(since)
                .withObservedGeneration(generation)
                .build();
    }

    /** Returns the condition of a type. */
    static Optional<Condition> find(List<Condition> conditions, String type) {
        return conditions.stream()
                .filter(condition -> type.equals(condition.getType()))
                .findFirst();
    }

    /** Why a condition is as it is: a word, and a sentence that says what to do. */
    record Reason(String reason, String message) {}
}
