package io.holdfast.operator.death;

import io.smallrye.config.ConfigMapping;
import java.net.URI;
import java.util.Optional;

/** Settings of the role {@code confirmed-death}. */
@ConfigMapping(prefix = "holdfast.confirmed-death")
public interface DeathConfig {

    /**
     * Where the sessions of pods without the annotation {@code holdfast.dev/cluster} are, such as
     * {@code http://orders-rw.shop.svc:7100}. Without it they are left to their ttl.
     */
    Optional<URI> endpoint();
}
