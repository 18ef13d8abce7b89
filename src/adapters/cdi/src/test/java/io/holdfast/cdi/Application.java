package io.holdfast.cdi;

import io.holdfast.client.ClientBuilder;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.internal.ModelEnsemble;
import io.holdfast.client.spi.Transport;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.config.spi.ConfigProviderResolver;
import org.jboss.weld.environment.se.Weld;
import org.jboss.weld.environment.se.WeldContainer;

/** An application in a container of its own, whose client asks the model of the server. */
final class Application implements AutoCloseable {

    /** How the application that starts now reaches its ensemble. */
    private static volatile Transport next;

    private final WeldContainer container;
    final Transport transport;

    /** The bean of the application that says how nodes are reached. */
    @ApplicationScoped
    static class Nodes implements ClientCustomizer {
        private final Transport mine = next;

        @Override
        public void customize(ClientBuilder builder) {
            builder.transport(mine);
        }
    }

    /** Starts one; the archives of the class path are searched for beans, as in an application server. */
    Application(String id, ModelEnsemble ensemble, Map<String, String> settings) {
        transport = ensemble.transport();
        next = transport;
        Settings.use(settings);
        container = new Weld(id).initialize();
        get(HoldfastClient.class).lock("the-client-is-made-with-these-settings");
    }

    <T> T get(Class<T> bean) {
        return container.select(bean).get();
    }

    @Override
    public void close() {
        if (container.isRunning()) {
            container.close();
        }
    }

    /** Puts settings where MicroProfile Config finds them. */
    static final class Settings {
        private Settings() {}

        static void use(Map<String, String> settings) {
            ConfigProviderResolver resolver = ConfigProviderResolver.instance();
            ClassLoader loader = Thread.currentThread().getContextClassLoader();
            resolver.releaseConfig(ConfigProvider.getConfig());
            resolver.registerConfig(ClientSettingsTest.config(settings), loader);
        }
    }
}
