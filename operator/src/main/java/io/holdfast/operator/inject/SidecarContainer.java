package io.holdfast.operator.inject;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Quantity;
import io.holdfast.operator.ClusterName;
import io.holdfast.operator.desired.PodValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The container that is injected: as in {@code k8s/sidecar/native}. */
final class SidecarContainer {

    /** Its name, which is the second part of the session's name, too. */
    static final String NAME = "holdfast";

    /** Where programs of the pod ask it, on loopback. */
    static final int ASK_PORT = 7180;

    static final int PROBE_PORT = 7181;

    private static final long USER = 10001;

    private SidecarContainer() {}

    static Container of(String image, ClusterName cluster, Wish wish) {
        return new ContainerBuilder()
                .withName(NAME)
                .withImage(image)
                .withRestartPolicy("Always")
                .withEnv(environment(cluster, wish))
                .addNewPort()
                .withName("holdfast-probes")
                .withContainerPort(PROBE_PORT)
                .endPort()
                .withNewStartupProbe()
                .withNewHttpGet()
                .withPath("/readyz")
                .withPort(new IntOrString(PROBE_PORT))
                .endHttpGet()
                .withPeriodSeconds(1)
                .withFailureThreshold(120)
                .endStartupProbe()
                .withNewLivenessProbe()
                .withNewHttpGet()
                .withPath("/livez")
                .withPort(new IntOrString(PROBE_PORT))
                .endHttpGet()
                .withPeriodSeconds(10)
                .withFailureThreshold(3)
                .endLivenessProbe()
                .withNewLifecycle()
                .withNewPreStop()
                .withNewHttpGet()
                .withPath("/drain")
                .withPort(new IntOrString(PROBE_PORT))
                .endHttpGet()
                .endPreStop()
                .endLifecycle()
                .withNewResources()
                .withRequests(Map.of("cpu", new Quantity("10m"), "memory", new Quantity("64Mi")))
                .withLimits(Map.of("memory", new Quantity("96Mi")))
                .endResources()
                .withNewSecurityContext()
                // The pod's own may say root: then the kubelet would refuse a container that must not be.
                .withRunAsNonRoot(true)
                .withRunAsUser(USER)
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .build();
    }

    private static List<EnvVar> environment(ClusterName cluster, Wish wish) {
        List<EnvVar> all = new ArrayList<>();
        all.add(new EnvVar("HOLDFAST_ENDPOINTS", cluster.endpoint(), null));
        all.add(new EnvVar("HOLDFAST_ELECTION", PodValues.literal(wish.election()), null));
        wish.settings().forEach((name, value) -> all.add(new EnvVar(name, PodValues.literal(value), null)));
        all.add(field("POD_NAME", "metadata.name"));
        all.add(field("POD_NAMESPACE", "metadata.namespace"));
        all.add(field("POD_UID", "metadata.uid"));
        all.add(field("POD_IP", "status.podIP"));
        return all;
    }

    private static EnvVar field(String name, String path) {
        return new EnvVarBuilder()
                .withName(name)
                .withNewValueFrom()
                .withNewFieldRef()
                .withFieldPath(path)
                .endFieldRef()
                .endValueFrom()
                .build();
    }
}
