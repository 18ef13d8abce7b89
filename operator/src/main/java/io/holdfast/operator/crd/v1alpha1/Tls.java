package io.holdfast.operator.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Where certificates come from. */
@ValidationRule(
        value = "(has(self.issuerRef) ? 1 : 0) + (has(self.generated) ? 1 : 0) + "
                + "(has(self.secretName) ? 1 : 0) == 1",
        message = "tls needs one source: give exactly one of issuerRef, generated and secretName")
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Tls(
        @JsonPropertyDescription("An issuer of cert-manager.") @Nullable
        IssuerRef issuerRef,

        @JsonPropertyDescription("A CA of the operator's own.") @Nullable
        GeneratedCa generated,

        @JsonPropertyDescription("Secret with ca.crt, tls.crt and tls.key for all members.")
        @Nullable
        @Size(min = 1, max = 253)
        @Pattern(Patterns.NAME)
        String secretName) {}
