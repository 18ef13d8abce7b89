package io.holdfast.operator.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** Certificates that the operator makes. A member's is renewed when two thirds of its life are over. */
@ValidationRule(
        value = "duration(self.life) >= duration('1h') && duration(self.authorityLife) >= duration(self.life)",
        message = "certificates live too short: use life of 1h at least, and authorityLife that is not shorter")
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record GeneratedTls(
        @JsonPropertyDescription("How long the certificate of a member is valid.")
        @Default("2160h")
        @Size(max = 10)
        @Pattern(Patterns.DURATION)
        String life,

        @JsonPropertyDescription("How long an authority is valid. It is replaced when two thirds of it are over.")
        @Default("87600h")
        @Size(max = 10)
        @Pattern(Patterns.DURATION)
        String authorityLife) {

    /** Gives what is absent its default. */
    public GeneratedTls {
        life = life == null ? "2160h" : life;
        authorityLife = authorityLife == null ? "87600h" : authorityLife;
    }
}
