package io.holdfast.server.config;

import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** The credentials that this node accepts. A request without one is of the caller {@code anonymous}. */
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

    /**
     * Principals, or groups as {@code group:NAME}, that are administrators whatever the replicated rules say, separated
     * by commas; {@code *} at the end of one is for all that begin so. Set the same at all nodes. The way out when no
     * rule gives {@code admin:acl}.
     */
    Optional<List<@Size(min = 1, max = 512) String>> administrators();

    /**
     * SHA-256 of the first access key, 64 lower-case hexadecimal digits, of a key {@code hfk_bootstrap_…}. The key may
     * change rules as {@code key:bootstrap} until a rule gives {@code admin:acl}.
     */
    Optional<@Pattern(regexp = "[0-9a-f]{64}", message = "must be 64 lower-case hexadecimal digits") String>
            bootstrapKeyHash();
}
