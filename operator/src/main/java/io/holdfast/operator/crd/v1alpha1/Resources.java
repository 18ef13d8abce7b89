package io.holdfast.operator.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.ValidationRule;

/** Of the container of a member. */
@ValidationRule(
        value = "!has(self.requests.memory) || "
                + "quantity(self.requests.memory).compareTo(quantity(self.limits.memory)) <= 0",
        message = "requests.memory is more than limits.memory: lower it, or raise the limit")
@ValidationRule(
        value = "!has(self.limits.cpu) || quantity(string(self.requests.cpu))"
                + ".compareTo(quantity(string(self.limits.cpu))) <= 0",
        message = "requests.cpu, which is 250m unless given, is more than limits.cpu: lower it, or raise the limit")
@ValidationRule(
        value = "!has(self.requests.ephemeral__dash__storage) || !has(self.limits.ephemeral__dash__storage) || "
                + "quantity(self.requests.ephemeral__dash__storage)"
                + ".compareTo(quantity(self.limits.ephemeral__dash__storage)) <= 0",
        message = "requests.ephemeral-storage is more than limits.ephemeral-storage: lower it, or raise the limit")
@ValidationRule(
        value = "quantity(self.limits.memory).compareTo(quantity('320Mi')) >= 0",
        message = "limits.memory does not hold a server: use 320Mi at least")
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Resources(
        @JsonPropertyDescription("What is promised.") @Default("{}")
        Requests requests,

        @JsonPropertyDescription("What may be used.") @Default("{}")
        Limits limits) {

    static final Resources DEFAULT = new Resources(Requests.DEFAULT, Limits.DEFAULT);

    /** Gives what is absent its default. */
    public Resources {
        requests = requests == null ? Requests.DEFAULT : requests;
        limits = limits == null ? Limits.DEFAULT : limits;
    }
}
