package io.holdfast.operator.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** How long a session lives without a keepalive. */
@ValidationRule(
        value = "duration(self.ttlMin) <= duration(self.ttlDefault) && "
                + "duration(self.ttlDefault) <= duration(self.ttlMax)",
        message = "the ttls are out of order: ttlMin <= ttlDefault <= ttlMax")
@ValidationRule(
        value = "duration(self.ttlMin) >= duration('500ms') && duration(self.ttlMax) <= duration('1h')",
        message = "a ttl is out of range: use 500ms to 1h")
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record SessionTimes(
        @JsonPropertyDescription("Shortest ttl; a request for less gets this.")
        @Default("2s")
        @Size(max = 10)
        @Pattern(Patterns.DURATION)
        String ttlMin,

        @JsonPropertyDescription("Ttl of a session that requests none.")
        @Default("10s")
        @Size(max = 10)
        @Pattern(Patterns.DURATION)
        String ttlDefault,

        @JsonPropertyDescription("Longest ttl; a request for more gets this.")
        @Default("60s")
        @Size(max = 10)
        @Pattern(Patterns.DURATION)
        String ttlMax) {

    static final SessionTimes DEFAULT = new SessionTimes("2s", "10s", "60s");

    /** Gives what is absent its default. */
    public SessionTimes {
        ttlMin = ttlMin == null ? "2s" : ttlMin;
        ttlDefault = ttlDefault == null ? "10s" : ttlDefault;
        ttlMax = ttlMax == null ? "60s" : ttlMax;
    }
}
