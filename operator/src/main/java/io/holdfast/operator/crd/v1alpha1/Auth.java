package io.holdfast.operator.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** Who may do what: the credentials that members accept, and the administrators. */
@ValidationRule(
        value = "self.issuers.all(a, self.issuers.exists_one(b, b.name == a.name))",
        message = "two issuers have the same name: give each its own")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Auth(
        @JsonPropertyDescription("The operator itself: the ServiceAccount that it runs as, which is an administrator.")
        @Default("k8s:holdfast-system:holdfast-operator")
        @Pattern("^k8s:[a-z0-9-]{1,63}:[a-z0-9.-]{1,253}$")
        String operator,

        @JsonPropertyDescription("Issuers of JSON Web Tokens.") @Default("[]") @Size(max = 8)
        List<AuthIssuer> issuers,

        @JsonPropertyDescription("Principals, or groups as group:NAME, that are administrators whatever the rules "
                + "say, beside the operator itself.")
        @Default("[]")
        @Size(max = 32)
        List<String> administrators) {

    /** Gives what is absent its default. */
    public Auth {
        operator = operator == null ? "k8s:holdfast-system:holdfast-operator" : operator;
        issuers = issuers == null ? List.of() : List.copyOf(issuers);
        administrators = administrators == null ? List.of() : List.copyOf(administrators);
    }
}
