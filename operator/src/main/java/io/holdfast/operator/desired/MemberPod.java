package io.holdfast.operator.desired;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraintBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.crd.v1alpha1.Resources;
import io.holdfast.operator.crd.v1alpha1.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The template of a pod with one server, without the settings of one member. */
final class MemberPod {

    /** Name of the server's container. */
    static final String CONTAINER = "holdfast";

    /** Name of the volume with log and snapshots. */
    static final String DATA = "data";

    /** Name of the volume for what the JVM and its libraries unpack. */
    static final String TMP = "tmp";

    /** From SIGTERM to SIGKILL: leadership is handed over, and requests that are under way end. */
    static final long GRACE_SECONDS = 30;

    /** Over this number of hosts three, five or seven voters are spread so that no host has what a quorum needs. */
    private static final int HOSTS_MIN = 3;

    private static final String REQUIRED = "DoNotSchedule";

    private static final int STARTUP_SECONDS = 2;
    private static final int STARTUP_TRIES = 150;
    private static final int LIVENESS_SECONDS = 10;
    private static final int LIVENESS_TRIES = 6;
    private static final int LIVENESS_TIMEOUT_SECONDS = 5;
    private static final int READINESS_SECONDS = 2;
    private static final int READINESS_TRIES = 2;

    private MemberPod() {}

    /**
     * What differs from member to member.
     *
     * @param labels of the pod
     * @param selector of the pods among which it is spread
     * @param identity variables that say which member it is; later ones may use earlier ones
     * @param resources of the container
     * @param data the volume of log and snapshots; none when a claim template of the StatefulSet gives it
     * @param pod its name, or the variable that has it
     * @param tls the volume with its certificates; none when it has none
     */
    record Member(
            Map<String, String> labels,
            Map<String, String> selector,
            List<EnvVar> identity,
            Resources resources,
            List<Volume> data,
            String pod,
            List<Volume> tls) {}

    static PodTemplateSpec of(LockCluster cluster, Member member) {
        var spec = cluster.getSpec();
        var volumes = new ArrayList<>(member.data());
        volumes.addAll(member.tls());
        volumes.addAll(Credentials.volumes(cluster));
        volumes.add(new VolumeBuilder()
                .withName(TMP)
                .withNewEmptyDir()
                .withSizeLimit(new Quantity("64Mi"))
                .endEmptyDir()
                .build());
        var annotations = new TreeMap<String, String>();
        var restart = annotation(cluster, Labels.RESTART);
        if (restart != null) {
            annotations.put(Labels.RESTART, restart);
        }
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(member.labels())
                .withAnnotations(annotations)
                .endMetadata()
                .withNewSpec()
                .withContainers(server(cluster, member))
                .withVolumes(volumes)
                .withImagePullSecrets(spec.imagePullSecrets())
                .withTopologySpreadConstraints(
                        overHosts(spec.placement().hosts() == Spread.REQUIRED ? REQUIRED : "ScheduleAnyway", member),
                        spread("topology.kubernetes.io/zone", "ScheduleAnyway", member))
                .withSecurityContext(Unprivileged.pod())
                .withAutomountServiceAccountToken(false)
                // A Service named "holdfast" would give every pod variables that look like settings.
                .withEnableServiceLinks(false)
                .withDnsPolicy("ClusterFirst")
                .withRestartPolicy("Always")
                .withSchedulerName("default-scheduler")
                .withTerminationGracePeriodSeconds(GRACE_SECONDS)
                .endSpec()
                .build();
    }

    /** Returns an annotation of a cluster, null when it has none of that name. */
    private static @Nullable String annotation(LockCluster cluster, String name) {
        var annotations = cluster.getMetadata().getAnnotations();
        return annotations == null ? null : annotations.get(name);
    }

    private static Container server(LockCluster cluster, Member member) {
        var spec = cluster.getSpec();
        var transport = new Transport(cluster);
        int port = transport.managementPort();
        return new ContainerBuilder()
                .withName(CONTAINER)
                .withImage(spec.image())
                .withImagePullPolicy(PodValues.of(spec.imagePullPolicy()))
                .withEnv(environment(cluster, member))
                .addNewEnvFrom()
                .withNewConfigMapRef()
                .withName(new Names(cluster).start())
                .endConfigMapRef()
                .endEnvFrom()
                .withPorts(ports(transport))
                .withResources(resources(member.resources()))
                .withStartupProbe(probe(port, "started", STARTUP_SECONDS, STARTUP_TRIES, STARTUP_SECONDS))
                .withLivenessProbe(probe(port, "live", LIVENESS_SECONDS, LIVENESS_TRIES, LIVENESS_TIMEOUT_SECONDS))
                .withReadinessProbe(probe(port, "ready", READINESS_SECONDS, READINESS_TRIES, READINESS_SECONDS))
                .withVolumeMounts(Stream.of(mounts(), transport.mounts(), Credentials.mounts(cluster))
                        .flatMap(List::stream)
                        .toList())
                .withSecurityContext(Unprivileged.container())
                .withTerminationMessagePath("/dev/termination-log")
                .withTerminationMessagePolicy("FallbackToLogsOnError")
                .build();
    }

    private static List<ContainerPort> ports(Transport transport) {
        var ports = new ArrayList<ContainerPort>();
        transport.clientPorts().forEach((name, number) -> ports.add(port(name, number)));
        if (transport.isSecured()) {
            ports.add(port("management", Names.MANAGEMENT_PORT));
        }
        ports.add(port("peer", Names.PEER_PORT));
        return ports;
    }

    private static ContainerPort port(String name, int number) {
        return new ContainerPortBuilder()
                .withName(name)
                .withContainerPort(number)
                .withProtocol("TCP")
                .build();
    }

    private static List<EnvVar> environment(LockCluster cluster, Member member) {
        var settings = new TreeMap<>(ServerSettings.of(cluster.getSpec()));
        settings.putAll(Credentials.settings(cluster));
        settings.put("HOLDFAST_CLUSTER_ID", new Names(cluster).clusterId());
        settings.put("HOLDFAST_DATA_DIR", VoterClaim.DATA_DIR);
        settings.put("HOLDFAST_PEER_PORT", Integer.toString(Names.PEER_PORT));
        settings.put("QUARKUS_HTTP_PORT", Integer.toString(Names.HTTP_PORT));
        settings.put(
                "JDK_JAVA_OPTIONS",
                Memory.of(
                                "spec.resources.limits.memory",
                                member.resources().limits().memory(),
                                cluster.getSpec().config())
                        .flags());
        var environment = new ArrayList<>(member.identity());
        environment.add(fromField("HOLDFAST_PEER_HOST", "status.podIP"));
        settings.forEach((name, value) -> environment.add(new EnvVar(name, PodValues.literal(value), null)));
        // Not literally: these may name variables that come before them.
        new Transport(cluster)
                .settings(member.pod())
                .forEach((name, value) -> environment.add(new EnvVar(name, value, null)));
        return environment;
    }

    /** Returns a variable whose value is a field of the pod. */
    static EnvVar fromField(String name, String path) {
        return new EnvVarBuilder()
                .withName(name)
                .withNewValueFrom()
                .withNewFieldRef("v1", path)
                .endValueFrom()
                .build();
    }

    /** Returns where a container of the member has its volumes. */
    static List<VolumeMount> mounts() {
        return List.of(mount(DATA, VoterClaim.MOUNTED_AT), mount(TMP, "/tmp"));
    }

    static VolumeMount mount(String name, String path) {
        return new VolumeMountBuilder().withName(name).withMountPath(path).build();
    }

    /** Memory is requested as it is limited unless the cluster says otherwise. */
    static ResourceRequirements resources(Resources resources) {
        var limits = new TreeMap<String, Quantity>();
        var requests = new TreeMap<String, Quantity>();
        var limit = resources.limits();
        var request = resources.requests();
        PodValues.put(limits, "cpu", limit.cpu());
        PodValues.put(limits, "memory", limit.memory());
        PodValues.put(limits, "ephemeral-storage", limit.ephemeralStorage());
        PodValues.put(requests, "cpu", request.cpu());
        PodValues.put(requests, "memory", request.memory() == null ? limit.memory() : request.memory());
        PodValues.put(
                requests,
                "ephemeral-storage",
                request.ephemeralStorage() == null ? limit.ephemeralStorage() : request.ephemeralStorage());
        return new ResourceRequirements(null, limits, requests);
    }

    private static Probe probe(int port, String path, int period, int tries, int timeout) {
        return new ProbeBuilder()
                .withNewHttpGet()
                .withPath("/q/health/" + path)
                .withPort(new IntOrString(port))
                .withScheme("HTTP")
                .endHttpGet()
                .withPeriodSeconds(period)
                .withFailureThreshold(tries)
                .withTimeoutSeconds(timeout)
                .withSuccessThreshold(1)
                .build();
    }

    /**
     * A node that takes no pods, as those of the control plane, counts as a host that has none: then every other host
     * would take one observer only, however many are wanted. For voters that is meant: while a node is drained, its
     * voter waits, and does not join another one on its host.
     */
    private static TopologySpreadConstraint overHosts(String otherwise, Member member) {
        var spread = spread("kubernetes.io/hostname", otherwise, member);
        if (Labels.OBSERVER.equals(member.labels().get(Labels.COMPONENT))) {
            return spread.edit().withNodeTaintsPolicy("Honor").build();
        }
        // On fewer hosts each has one voter at most: on two of them, one would have two of three, and its loss a
        // quorum.
        return otherwise.equals(REQUIRED)
                ? spread.edit().withMinDomains(HOSTS_MIN).build()
                : spread;
    }

    private static TopologySpreadConstraint spread(String key, String otherwise, Member member) {
        return new TopologySpreadConstraintBuilder()
                .withMaxSkew(1)
                .withTopologyKey(key)
                .withWhenUnsatisfiable(otherwise)
                .withNewLabelSelector()
                .withMatchLabels(member.selector())
                .endLabelSelector()
                .build();
    }
}
