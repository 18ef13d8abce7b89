package io.holdfast.operator.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** An issuer of JSON Web Tokens. They prove {@code jwt:NAME:SUBJECT}. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record AuthIssuer(
        @JsonPropertyDescription("Part of the principals' names.")
        @Required
        @Size(min = 1, max = 32)
        @Pattern("^[a-z0-9]+$")
        String name,

        @JsonPropertyDescription("URL of the issuer, exactly as the iss of its tokens.")
        @Required
        @Size(min = 1, max = 1000)
        @Pattern("^https://[^\\s]+$")
        String url,

        @JsonPropertyDescription("What the aud of its tokens must have.") @Required @Size(min = 1, max = 255)
        String audience,

        @JsonPropertyDescription("The claim that names the principal.") @Default("sub") @Size(min = 1, max = 255)
        String principalClaim,

        @JsonPropertyDescription("The claim that lists groups; absent: no groups.") @Nullable @Size(min = 1, max = 255)
        String groupsClaim) {

    /** Gives what is absent its default. */
    public AuthIssuer {
        principalClaim = principalClaim == null ? "sub" : principalClaim;
    }
}
