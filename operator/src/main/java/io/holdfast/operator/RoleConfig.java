package io.holdfast.operator;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** The setting that all processes of this application have. */
@ConfigMapping(prefix = "holdfast.operator")
interface RoleConfig {

    /** What the process does: {@code operator}, {@code injector} or {@code confirmed-death}. */
    @WithDefault("operator")
    String role();
}
