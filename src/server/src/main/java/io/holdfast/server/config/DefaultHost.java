package io.holdfast.server.config;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * The address for clients unless {@code quarkus.http.host} is set: the loopback address, or every interface when the
 * settings make the node reachable. {@link Exposure} decides that.
 */
public final class DefaultHost implements ConfigSourceFactory {

    /** Beneath every source of an operator's. */
    private static final int ORDINAL = 10;

    private static final Set<String> TRUE = Set.of("true", "1", "yes", "y", "on");

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        boolean insecure = TRUE.contains(value(context, Exposure.INSECURE));
        boolean tls = !Set.of("", "off").contains(value(context, "holdfast.tls.mode"));
        String host = insecure || tls ? NodeSettings.EVERY_INTERFACE : NodeSettings.LOOPBACK;
        return List.of(new PropertiesConfigSource(Map.of(Exposure.HTTP_HOST, host), "default host", ORDINAL));
    }

    private static String value(ConfigSourceContext context, String key) {
        ConfigValue found = context.getValue(key);
        String text = found == null ? null : found.getValue();
        return text == null ? "" : text.strip().toLowerCase(Locale.ROOT);
    }
}
