package io.holdfast.server.config;

import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Size;
import java.nio.file.Path;
import java.util.Optional;

/**
 * An issuer of JSON Web Tokens, for each {@code NAME} of 1 to 32 of a-z 0-9 -. Its tokens must be signed with RS, PS or
 * ES, and prove {@code jwt:NAME:SUBJECT}.
 */
public interface IssuerConfig {

    /**
     * URL of the issuer, exactly as the {@code iss} of its tokens; its keys are found by OpenID Connect Discovery.
     * {@code https}, or {@code http} on this machine.
     */
    Optional<@Size(min = 1, max = 1_000) String> url();

    /** File of its public keys, a JSON Web Key Set, in place of {@code url}. Read again when a key is not known. */
    Optional<Path> jwksFile();

    /** The {@code iss} of its tokens, with {@code jwks-file}. */
    Optional<@Size(min = 1, max = 1_000) String> issuer();

    /** What the {@code aud} of its tokens must have, exactly. Must be set. */
    Optional<@Size(min = 1, max = 255) String> audience();

    /** The claim that names the principal. */
    @WithDefault("sub")
    @Size(min = 1, max = 255)
    String principalClaim();

    /** The claim that lists groups; {@code GROUP} becomes {@code NAME:GROUP}. Default: no groups. */
    Optional<@Size(min = 1, max = 255) String> groupsClaim();

    /** PEM file of the authorities that {@code url} is checked with. Default: those of the Java runtime. */
    Optional<Path> ca();
}
