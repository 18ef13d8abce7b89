package io.holdfast.server.config;

import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Size;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Projected tokens of ServiceAccounts. They prove {@code k8s:NAMESPACE:ACCOUNT} in the group {@code k8s:ns:NAMESPACE}.
 */
public interface KubernetesAuthConfig {

    /** Whether tokens of ServiceAccounts are taken. */
    @WithDefault("false")
    boolean enabled();

    /** What the {@code aud} of a token must have: clients ask for this audience in their pods. */
    @WithDefault("holdfast")
    @Size(min = 1, max = 255)
    String audience();

    /** The {@code iss} of tokens. Default: what the API server says in its discovery document. */
    Optional<@Size(min = 1, max = 1_000) String> issuer();

    /** URL of the API server, which is asked for its public keys. */
    @WithDefault("https://kubernetes.default.svc")
    @Size(min = 1, max = 1_000)
    String url();

    /** PEM file of the authorities that the API server is checked with. Default: the one that Kubernetes mounts. */
    Optional<Path> ca();

    /** File of this node's own token, with which it asks the API server. Default: the one that Kubernetes mounts. */
    Optional<Path> tokenFile();
}
