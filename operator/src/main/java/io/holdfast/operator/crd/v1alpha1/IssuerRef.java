package io.holdfast.operator.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** An issuer of cert-manager. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record IssuerRef(
        @JsonPropertyDescription("Where the issuer lives.") @Default("Issuer")
        IssuerKind kind,

        @JsonPropertyDescription("Name of the issuer.") @Required @Size(min = 1, max = 253) @Pattern(Patterns.NAME)
        String name) {

    /** Gives what is absent its default. */
    public IssuerRef {
        kind = kind == null ? IssuerKind.ISSUER : kind;
    }
}
