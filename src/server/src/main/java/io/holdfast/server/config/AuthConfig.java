package io.holdfast.server.config;

import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.Map;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** Whom this node takes credentials from. A request without one is of the caller {@code anonymous}. */
public interface AuthConfig {

    /** Issuers of JSON Web Tokens. */
    Map<String, IssuerConfig> issuers();

    /** Tokens of ServiceAccounts. */
    KubernetesAuthConfig kubernetes();

    /**
     * How long what a credential proved is used without checking the credential again; never longer than the credential
     * lives.
     */
    @WithDefault("60s")
    @DurationMin(seconds = 1)
    @DurationMax(minutes = 10)
    Duration cacheTtl();

    /** Credentials that prove nothing, of one address in a second, before it is answered 429 {@code rate-limited}. */
    @WithDefault("20")
    @Min(1)
    @Max(10_000)
    int failuresPerSecond();
}
