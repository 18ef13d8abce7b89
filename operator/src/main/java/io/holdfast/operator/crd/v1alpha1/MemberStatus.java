package io.holdfast.operator.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** One member, as the leader shows it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record MemberStatus(
        @JsonPropertyDescription("Its id.") @Required int id,

        @JsonPropertyDescription("voter or observer.") @Nullable @Size(max = 32)
        String role,

        @JsonPropertyDescription("leader, follower, observing, or what it does else.") @Nullable @Size(max = 32)
        String state,

        @JsonPropertyDescription("Its pod.") @Nullable String pod,

        @JsonPropertyDescription("The node of its pod.") @Nullable
        String node,

        @JsonPropertyDescription("Whether its pod is ready.") @Nullable
        Boolean ready,

        @JsonPropertyDescription("Whether it has what the leader committed, but for lagMax.") @Nullable
        Boolean inStep,

        @JsonPropertyDescription("Identity of its disk.") @Nullable @Size(max = 64)
        String disk,

        @JsonPropertyDescription("Since when it is not in step; absent while it is.") @Nullable @Size(max = 40)
        String outOfStepSince) {}
