package io.holdfast.operator.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** The volumes of a set of observers. */
@ValidationRule(
        value = "self == oldSelf",
        message = "storage of observers cannot change: make another LockObservers, and delete this one")
@ValidationRule(
        value = "self.ephemeral != has(self.size)",
        message = "give storage.size with ephemeral: false, or neither")
@ValidationRule(
        value = "!has(self.storageClassName) || !self.ephemeral",
        message = "storageClassName needs a volume: set ephemeral to false and give storage.size")
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ObserverStorage(
        @JsonPropertyDescription("No volume: an observer fetches the state anew when its pod is made.") @Default("true")
        Boolean ephemeral,

        @JsonPropertyDescription("Of each observer's volume.")
        @Nullable
        @Size(min = 1, max = 24)
        @Pattern(Patterns.QUANTITY)
        String size,

        @JsonPropertyDescription("Absent: the default class of the cluster.")
        @Nullable
        @Size(min = 1, max = 253)
        @Pattern(Patterns.NAME)
        String storageClassName) {

    static final ObserverStorage DEFAULT = new ObserverStorage(true, null, null);

    /** Gives what is absent its default. */
    public ObserverStorage {
        ephemeral = ephemeral == null ? true : ephemeral;
    }
}
