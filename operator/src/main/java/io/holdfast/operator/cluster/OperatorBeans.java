package io.holdfast.operator.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.holdfast.operator.RoleStarter;
import io.holdfast.operator.act.Actor;
import io.holdfast.operator.act.Writes;
import io.holdfast.operator.look.LiveObjects;
import io.holdfast.operator.look.Looker;
import io.holdfast.operator.look.ServiceCalls;
import io.holdfast.operator.policy.PolicyPass;
import io.holdfast.operator.status.EventWriter;
import io.holdfast.operator.status.OperatorMetrics;
import io.holdfast.operator.status.ReportEvents;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Puts the operator together. */
@ApplicationScoped
class OperatorBeans {

    /** Of several operators one works: for tidiness, since all writes are conditional. */
    @Produces
    @Singleton
    LeaderElectionConfiguration leaderElection(RoleStarter starter, KubernetesClient client) {
        String identity = Optional.ofNullable(System.getenv("HOSTNAME"))
                .filter(name -> !name.isBlank())
                .orElseGet(() -> UUID.randomUUID().toString());
        // Only one that leads has a namespace for certain.
        return election(identity, () -> starter.leadershipLost(() -> new OperatorLease(client, identity).release()));
    }

    /**
     * The SDK itself would end the process also when it is stopped, from within its end: it would wait for itself.
     *
     * @param identity of this operator
     * @param lost is run when the lease is another one's, or this operator is stopped while it leads
     */
    static LeaderElectionConfiguration election(String identity, Runnable lost) {
        return new LeaderElectionConfiguration(
                OperatorLease.NAME,
                null,
                LeaderElectionConfiguration.LEASE_DURATION_DEFAULT_VALUE,
                LeaderElectionConfiguration.RENEW_DEADLINE_DEFAULT_VALUE,
                LeaderElectionConfiguration.RETRY_PERIOD_DEFAULT_VALUE,
                identity,
                new LeaderCallbacks(() -> {}, lost, leader -> {}),
                false);
    }

    @Produces
    @Singleton
    ServiceCalls serviceCalls(OperatorConfig config) {
        return new ServiceCalls(
                config.service().port(),
                config.service().timeout(),
                config.service().changeTimeout(),
                config.service().tokenFile());
    }

    void close(@Disposes ServiceCalls calls) {
        calls.close();
    }

    @Produces
    @Singleton
    LiveObjects liveObjects(KubernetesClient client, OperatorConfig config) {
        return new LiveObjects(
                client,
                config.namespaces().orElse(List.of()),
                config.look().page(),
                config.look().objectsMax());
    }

    @Produces
    @Singleton
    Writes writes(KubernetesClient client, LiveObjects live) {
        return new Writes(client, live);
    }

    @Produces
    @Singleton
    EventWriter eventWriter(KubernetesClient client, OperatorConfig config) {
        return new EventWriter(
                client,
                Clock.systemUTC(),
                config.events().remembered(),
                config.events().perMinute());
    }

    @Produces
    @Singleton
    OperatorMetrics metrics(MeterRegistry registry) {
        return new OperatorMetrics(registry);
    }

    @Produces
    @Singleton
    ClusterPass clusterPass(
            KubernetesClient client,
            ServiceCalls calls,
            Writes writes,
            EventWriter events,
            OperatorMetrics metrics,
            OperatorConfig config) {
        LiveObjects live = liveObjects(client, config);
        Clock clock = Clock.systemUTC();
        return new ClusterPass(
                client,
                new ClusterPass.Parts(
                        new Looker(live, calls, clock),
                        live,
                        new Actor(client, writes, live, calls),
                        writes,
                        new ReportEvents(events, config.events().remembered()),
                        new PolicyPass(client, live, calls, writes)),
                new RollingTurn(live),
                metrics,
                clock,
                config.look());
    }
}
