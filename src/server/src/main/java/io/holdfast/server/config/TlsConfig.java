package io.holdfast.server.config;

import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** TLS of this node. {@code docs/security.md} describes it. */
public interface TlsConfig {

    /**
     * How often this node looks whether the files of its certificates changed, those for peers included. It uses new
     * ones without a restart. If they do not belong together it keeps the old ones and logs why.
     */
    @WithDefault("30s")
    @DurationMin(millis = 100)
    @DurationMax(hours = 1)
    Duration reload();
}
