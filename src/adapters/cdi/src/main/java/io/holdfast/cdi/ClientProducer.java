package io.holdfast.cdi;

import io.holdfast.client.ClientBuilder;
import io.holdfast.client.DistributedLock;
import io.holdfast.client.DistributedReadWriteLock;
import io.holdfast.client.HoldfastClient;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.spi.InjectionPoint;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import org.eclipse.microprofile.config.ConfigProvider;

/** Makes the client of the application and its locks, and ends it with the application. */
@ApplicationScoped
class ClientProducer {

    /** Checks the settings before anything else of the client is used. */
    void start(@Observes @Priority(Interceptor.Priority.LIBRARY_BEFORE) Startup event) {
        ClientSettings.read(ConfigProvider.getConfig());
    }

    @Produces
    @Singleton
    ClientSettings settings() {
        return ClientSettings.read(ConfigProvider.getConfig());
    }

    @Produces
    @ApplicationScoped
    HoldfastClient client(ClientSettings settings, @Any Instance<ClientCustomizer> customizers) {
        ClientBuilder builder = settings.builder();
        customizers.forEach(customizer -> customizer.customize(builder));
        return builder.build();
    }

    void close(@Disposes HoldfastClient client) {
        client.close();
    }

    @Produces
    @HoldfastLock("")
    DistributedLock lock(InjectionPoint at, HoldfastClient client) {
        return client.lock(name(at));
    }

    @Produces
    @HoldfastLock("")
    DistributedReadWriteLock readWriteLock(InjectionPoint at, HoldfastClient client) {
        return client.readWriteLock(name(at));
    }

    private static String name(InjectionPoint at) {
        String text = at.getQualifiers().stream()
                .filter(HoldfastLock.class::isInstance)
                .map(qualifier -> ((HoldfastLock) qualifier).value())
                .findFirst()
                .orElseThrow();
        return NameTemplate.escape(text, "@HoldfastLock(\"" + text + "\") at " + at.getMember());
    }
}
