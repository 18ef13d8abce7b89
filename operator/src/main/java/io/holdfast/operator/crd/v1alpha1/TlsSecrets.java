package io.holdfast.operator.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** Secrets with PEM files: {@code ca.crt}, and {@code POD.crt} and {@code POD.key} for each pod. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record TlsSecrets(
        @JsonPropertyDescription("Of the voters.") @Required @Size(min = 1, max = 253) @Pattern(Patterns.NAME)
        String voters,

        @JsonPropertyDescription("Of the observers; needed when there are any.")
        @Nullable
        @Size(min = 1, max = 253)
        @Pattern(Patterns.NAME)
        String observers) {}
