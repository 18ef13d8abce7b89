package io.holdfast.operator.look;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.holdfast.api.ClusterBody;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.crd.v1alpha1.LockClusterStatus;
import io.holdfast.operator.desired.Names;
import io.holdfast.operator.desired.SecretObject;
import io.holdfast.operator.desired.Transport;
import io.holdfast.operator.plan.Look;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes a look: first the objects, then what their servers answer, then the pods again. Every part of it is asked for
 * within the look; nothing is remembered from the one before. Any thread.
 */
public final class Looker {

    private final LiveObjects live;
    private final ServiceCalls calls;
    private final Clock clock;

    /** Creates one. */
    public Looker(LiveObjects live, ServiceCalls calls, Clock clock) {
        this.live = live;
        this.calls = calls;
        this.clock = clock;
    }

    /**
     * Looks at one cluster; returns nothing when it does not exist, or is being deleted.
     *
     * @param mayRoll whether a cluster whose templates differ, and that has not begun, may begin to replace pods
     * @throws io.fabric8.kubernetes.client.KubernetesClientException when the API server does not answer
     */
    public Optional<Sight> look(String namespace, String name, Predicate<LockCluster> mayRoll)
            throws InterruptedException {
        LockCluster cluster = live.get(LockCluster.class, namespace, name).orElse(null);
        if (cluster == null || cluster.getMetadata().getDeletionTimestamp() != null) {
            return Optional.empty();
        }
        Blueprint blueprint = new Blueprint(cluster);
        ObjectsReading reading = new ObjectsReading(live, blueprint);
        Sight.Objects objects = reading.read();
        Map<Endpoint, Answer<ClusterBody>> answers =
                calls.clusters(endpoints(blueprint, objects, authorities(cluster, objects)));
        LockClusterStatus status = statusOf(cluster);
        Instant now = clock.instant();
        EnsembleReading.Found found = new EnsembleReading(calls, blueprint::isMember)
                .read(answers, status.generation(), unquorateSince(status, now));
        Map<String, Pod> again = reading.pods();
        Map<Integer, Answer<ClusterBody>> byId = new TreeMap<>();
        answers.forEach((endpoint, answer) -> byId.put(endpoint.node(), answer));
        List<String> foreign = reading.foreign(objects, status.nextId() == null ? 0 : status.nextId());
        WantedReading wanted = new WantedReading(cluster);
        PartsReading parts = new PartsReading(blueprint, objects, again, byId, now);
        List<Look.Voter> voters = parts.voters(found.ensemble(), status);
        List<Look.ObserverSet> observers = parts.observers();
        boolean dryRun = wanted.dryRun();
        Look look = new Look(
                wanted.read(cluster, mayRoll(cluster, voters, observers, mayRoll), parts.refusal()),
                parts.recorded(status),
                parts.start(),
                voters,
                observers,
                found.ensemble(),
                foreign);
        List<Complaint> complaints = new ArrayList<>(wanted.unreadable());
        complaints.addAll(parts.refusedObservers());
        return Optional.of(new Sight(
                cluster, look, objects, new Sight.Service(found.leader(), found.view(), byId), dryRun, complaints));
    }

    /** Asks only when a StatefulSet differs, and the cluster is not in the middle of it. */
    private static boolean mayRoll(
            LockCluster cluster,
            List<Look.Voter> voters,
            List<Look.ObserverSet> observers,
            Predicate<LockCluster> mayRoll) {
        boolean rolls = voters.stream().anyMatch(voter -> differs(voter.set(), voter.wantedTemplate()))
                || observers.stream().anyMatch(set -> differs(set.set(), set.wantedTemplate()));
        return !rolls || RolloutReading.isBegun(voters, observers) || mayRoll.test(cluster);
    }

    /** Returns whether nothing is done to a cluster, by one of its annotations. */
    public static boolean isHeld(LockCluster cluster) {
        WantedReading wanted = new WantedReading(cluster);
        return wanted.paused() || wanted.dryRun();
    }

    private static boolean differs(Look.@Nullable StatefulSet set, String wantedTemplate) {
        return set != null && !set.template().equals(wantedTemplate);
    }

    /** Returns the status of a cluster; an empty one before there is any. */
    public static LockClusterStatus statusOf(LockCluster cluster) {
        LockClusterStatus status = cluster.getStatus();
        return status == null
                ? new LockClusterStatus(
                        null, null, null, null, null, null, null, null, List.of(), List.of(), List.of(), List.of(),
                        null, null)
                : status;
    }

    /**
     * What nodes are trusted by is where their certificates are; empty when no pod has one. On the way back to plain
     * connections pods have certificates that their templates do not speak of any more.
     */
    private String authorities(LockCluster cluster, Sight.Objects objects) {
        boolean isSecured = Stream.concat(objects.pods().values().stream(), objects.observerPods().values().stream())
                .anyMatch(Looker::isSecured);
        if (!isSecured) {
            return "";
        }
        Transport transport = new Transport(cluster);
        try {
            return live.get(Secret.class, cluster.getMetadata().getNamespace(), transport.secret(true))
                    .map(secret -> SecretObject.files(secret).getOrDefault(Transport.AUTHORITIES, ""))
                    .orElse("");
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN) {
                throw e;
            }
            // The keeping of certificates says what is missing.
            return "";
        }
    }

    private static boolean isSecured(Pod pod) {
        return pod.getSpec().getContainers().stream()
                .flatMap(container -> container.getPorts().stream())
                .anyMatch(port -> Names.HTTPS.equals(port.getName()));
    }

    /** The environment says it and not the specification: pods that were made before have what they were made with. */
    private static boolean checksTokens(Pod pod) {
        return pod.getSpec().getContainers().stream()
                .flatMap(container -> container.getEnv().stream())
                .anyMatch(variable ->
                        Names.CHECKS_TOKENS.equals(variable.getName()) && "true".equals(variable.getValue()));
    }

    /** A pod that has the port of clients with TLS is asked there, whatever the others have. */
    static Endpoint endpoint(Blueprint blueprint, int id, Pod pod, String ip, String authorities) {
        return new Endpoint(
                ip,
                blueprint.clusterId(),
                id,
                isSecured(pod)
                        ? new Secured(
                                blueprint.names().host(pod.getMetadata().getName()), authorities, checksTokens(pod))
                        : null);
    }

    private static List<Endpoint> endpoints(Blueprint blueprint, Sight.Objects objects, String authorities) {
        Map<Integer, Pod> pods = new LinkedHashMap<>(objects.pods());
        pods.putAll(objects.observerPods());
        List<Endpoint> endpoints = new ArrayList<>();
        pods.forEach((id, pod) -> {
            String ip = pod.getStatus() == null ? null : pod.getStatus().getPodIP();
            if (ip != null && !ip.isEmpty()) {
                endpoints.add(endpoint(blueprint, id, pod, ip, authorities));
            }
        });
        return endpoints;
    }

    private static Instant unquorateSince(LockClusterStatus status, Instant now) {
        return status.conditions().stream()
                .filter(condition -> "Quorate".equals(condition.getType()) && "False".equals(condition.getStatus()))
                .map(Condition::getLastTransitionTime)
                .findFirst()
                .map(PodReading::time)
                .orElse(now);
    }
}
