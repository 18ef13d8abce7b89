package io.holdfast.operator.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** What is allowed to whom. */
@ValidationRule(
        value = "size(self.serviceAccounts) + size(self.principals) > 0",
        message = "the policy is for no one: give serviceAccounts or principals")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record LockPolicySpec(
        @JsonPropertyDescription("LockCluster of this namespace.")
        @Required
        @Size(min = 1, max = 40)
        @Pattern(Patterns.CLUSTER)
        String clusterRef,

        @JsonPropertyDescription("What is allowed.") @Required @Size(min = 1, max = 20)
        List<LockPolicyRule> rules,

        @JsonPropertyDescription("ServiceAccounts of this namespace; * is for all of them.")
        @io.fabric8.generator.annotation.Default("[]")
        @Size(max = 50)
        List<String> serviceAccounts,

        @JsonPropertyDescription("Other principals, or groups as group:NAME: jwt:corp:alice.")
        @io.fabric8.generator.annotation.Default("[]")
        @Size(max = 50)
        List<String> principals) {

    /** Gives what is absent its default. */
    public LockPolicySpec {
        rules = rules == null ? List.of() : List.copyOf(rules);
        serviceAccounts = serviceAccounts == null ? List.of() : List.copyOf(serviceAccounts);
        principals = principals == null ? List.of() : List.copyOf(principals);
    }
}
