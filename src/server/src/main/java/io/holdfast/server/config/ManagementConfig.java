package io.holdfast.server.config;

import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.util.Optional;

/** A plain port of its own for probes and monitoring, which have no identity and often no TLS. */
public interface ManagementConfig {

    /**
     * Port that serves {@code /q/health}, {@code /q/metrics} and {@code /q/openapi}, and nothing else, to each process
     * that reaches it; 7102 by convention. The ports of clients then serve none of the three. 0 takes any free port.
     * Default: none, and the ports of clients serve them; where rules are enforced, {@code /q/metrics} then needs an
     * identity.
     */
    Optional<@Min(0) @Max(65_535) Integer> port();

    /**
     * Address to listen on. It may be any: nothing about single locks is served there. Let only probes and monitoring
     * reach it.
     */
    @WithDefault("127.0.0.1")
    @Size(min = 1, max = 253)
    String host();
}
