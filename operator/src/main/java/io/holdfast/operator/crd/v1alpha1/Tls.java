package io.holdfast.operator.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** How members secure their connections with each other and with clients. */
@ValidationRule(
        value = "has(self.generated) != has(self.secrets)",
        message = "tls needs one source of certificates: give exactly one of generated and secrets")
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Tls(
        @JsonPropertyDescription("Whether connections are secured. Set it to false, and wait, before tls is removed.")
        @Default("true")
        Boolean enabled,

        @JsonPropertyDescription("Certificates are made by the operator, of an authority of the cluster's own.")
        @Nullable
        GeneratedTls generated,

        @JsonPropertyDescription("Certificates are in Secrets that others fill.") @Nullable
        TlsSecrets secrets,

        @JsonPropertyDescription("Both: the plain port 7100 stays open beside 7143. Required: it is closed.")
        @Default("Required")
        ClientTls clients) {

    /** Gives what is absent its default. */
    public Tls {
        enabled = enabled == null ? Boolean.TRUE : enabled;
        clients = clients == null ? ClientTls.REQUIRED : clients;
    }
}
