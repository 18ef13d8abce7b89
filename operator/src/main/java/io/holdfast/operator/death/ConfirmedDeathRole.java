package io.holdfast.operator.death;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.holdfast.operator.Role;
import io.holdfast.operator.RoleStarter;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jspecify.annotations.Nullable;

/** Starts the watch in the role {@code confirmed-death}. */
@ApplicationScoped
class ConfirmedDeathRole {

    private final RoleStarter role;
    private final DeathConfig config;
    private final KubernetesClient client;
    private final MeterRegistry metrics;
    private @Nullable DeathWatch watch;

    ConfirmedDeathRole(RoleStarter role, DeathConfig config, KubernetesClient client, MeterRegistry metrics) {
        this.role = role;
        this.config = config;
        this.client = client;
        this.metrics = metrics;
    }

    void start(@Observes StartupEvent event) {
        if (role.role() == Role.CONFIRMED_DEATH) {
            Counter closed = metrics.counter("holdfast.operator.sessions.closed");
            DeathWatch made = new DeathWatch(client, new ServiceSessions(), config.endpoint(), closed::increment);
            watch = made;
            made.start();
        }
    }

    void stop(@Observes ShutdownEvent event) {
        DeathWatch present = watch;
        if (present != null) {
            present.close();
        }
    }
}
