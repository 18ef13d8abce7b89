package io.holdfast.operator.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** The voter with whose state an ensemble goes on that had lost its quorum. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record RecoveredStatus(
        @JsonPropertyDescription("Id of the voter.") @Required
        int member,

        @JsonPropertyDescription("The code that confirmed it.") @Nullable @Size(max = 64)
        String code,

        @JsonPropertyDescription("The generation that began with it.") @Nullable
        Long generation) {}
