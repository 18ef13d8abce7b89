package io.holdfast.operator.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** When backups are made, and how many are kept. */
@ValidationRule(
        value = "self.clusterRef == oldSelf.clusterRef",
        message = "clusterRef cannot change: make another schedule for the other cluster")
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record LockClusterBackupScheduleSpec(
        @JsonPropertyDescription("The LockCluster of this namespace.")
        @Required
        @Size(min = 1, max = 40)
        @Pattern(Patterns.CLUSTER)
        String clusterRef,

        @JsonPropertyDescription("As of cron, five fields: minute, hour, day of the month, month, day of the week.")
        @Required
        @Size(min = 9, max = 100)
        String schedule,

        @JsonPropertyDescription("Of the schedule, by its name in the tz database.")
        @Default("Etc/UTC")
        @Size(min = 1, max = 64)
        @Pattern("^[A-Za-z0-9_+/-]+$")
        String timeZone,

        @JsonPropertyDescription("Completed backups of this schedule that are kept.") @Default("7") @Min(1) @Max(1000)
        Integer keep,

        @JsonPropertyDescription("No further backups while it is true.") @Default("false")
        boolean suspend,

        @JsonPropertyDescription("How late a missed backup is still made, once.")
        @Default("1h")
        @Size(max = 10)
        @Pattern(Patterns.DURATION)
        String startingDeadline,

        @JsonPropertyDescription("Of the backups.") @Required
        BackupTemplate template) {

    /** Gives what is absent its default. */
    public LockClusterBackupScheduleSpec {
        timeZone = timeZone == null ? "Etc/UTC" : timeZone;
        keep = keep == null ? 7 : keep;
        startingDeadline = startingDeadline == null ? "1h" : startingDeadline;
    }
}
