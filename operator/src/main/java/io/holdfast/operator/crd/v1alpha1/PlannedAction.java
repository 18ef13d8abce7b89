package io.holdfast.operator.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** An action that a dry run found due. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record PlannedAction(
        @JsonPropertyDescription("Its name.") @Required @Size(max = 64)
        String action,

        @JsonPropertyDescription("The member that it is about.") @Nullable
        Integer member,

        @JsonPropertyDescription("Why it is due.") @Nullable @Size(max = 1024)
        String why) {}
