package io.holdfast.operator.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** What the volume of a stopped voter has. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record RecoveryStatus(
        @JsonPropertyDescription("Id of the voter.") @Required
        int member,

        @JsonPropertyDescription("Its last transaction.") @Nullable @Size(max = 64)
        String lastLogged,

        @JsonPropertyDescription("What confirms that its state is the one to go on with.") @Nullable @Size(max = 64)
        String code,

        @JsonPropertyDescription("Why its volume cannot be used.") @Nullable @Size(max = 1024)
        String message) {}
