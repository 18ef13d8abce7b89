package io.holdfast.operator.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** The volumes of voters. */
@ValidationRule(
        value = "quantity(self.size).compareTo(quantity('256Mi')) >= 0",
        message = "storage.size is too small for a log and two snapshots: use 256Mi at least")
@ValidationRule(
        value = "quantity(self.size).compareTo(quantity(oldSelf.size)) >= 0",
        message = "storage.size cannot shrink: keep it, or replace voters of a new cluster")
@ValidationRule(
        value = "has(self.storageClassName) == has(oldSelf.storageClassName) && "
                + "(!has(self.storageClassName) || self.storageClassName == oldSelf.storageClassName)",
        message = "storageClassName cannot change: set it on a new cluster, or replace voters")
@ValidationRule(
        value = "self.ephemeral == oldSelf.ephemeral",
        message = "ephemeral cannot change, the data would be lost: make a new cluster, and "
                + "restore a backup into it")
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Storage(
        @JsonPropertyDescription("Of each voter's volume. It can grow where the storage class allows it.")
        @Default("1Gi")
        @Size(min = 1, max = 24)
        @Pattern(Patterns.QUANTITY)
        String size,

        @JsonPropertyDescription("Absent: the default class of the cluster.")
        @Nullable
        @Size(min = 1, max = 253)
        @Pattern(Patterns.NAME)
        String storageClassName,

        @JsonPropertyDescription("What becomes of the volume of a voter that leaves.") @Default("Delete")
        Removal whenRemoved,

        @JsonPropertyDescription("What becomes of the volumes when the cluster is deleted.") @Default("Retain")
        Removal whenDeleted,

        @JsonPropertyDescription("What happens when a volume is lost and all other voters are in step.")
        @Default("Replace")
        OnLoss onLoss,

        @JsonPropertyDescription("How long a volume counts as away before it is lost.")
        @Default("15m")
        @Size(max = 10)
        @Pattern(Patterns.DURATION)
        String lossAfter,

        @JsonPropertyDescription("No volume: the ensemble begins anew with each pod. For one voter, for development.")
        @Default("false")
        boolean ephemeral) {

    static final Storage DEFAULT =
            new Storage("1Gi", null, Removal.DELETE, Removal.RETAIN, OnLoss.REPLACE, "15m", false);

    /** Gives what is absent its default. */
    public Storage {
        size = size == null ? "1Gi" : size;
        whenRemoved = whenRemoved == null ? Removal.DELETE : whenRemoved;
        whenDeleted = whenDeleted == null ? Removal.RETAIN : whenDeleted;
        onLoss = onLoss == null ? OnLoss.REPLACE : onLoss;
        lossAfter = lossAfter == null ? "15m" : lossAfter;
    }
}
