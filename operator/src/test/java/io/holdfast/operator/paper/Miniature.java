package io.holdfast.operator.paper;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;

/** Objects as the operator makes them, by hand and as few as possible: for tests of the cluster itself. */
final class Miniature {

    private final KubernetesClient client;
    private final String namespace;

    Miniature(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
    }

    private void create(Class<? extends HasMetadata> type, String yaml) {
        var object = Serialization.unmarshal(yaml, type);
        client.resource(object).inNamespace(namespace).create();
    }

    /** Service and settings, for an ensemble that is founded by voter 1. */
    void found() {
        client.resource(Serialization.unmarshal("""
                apiVersion: v1
                kind: Namespace
                metadata: {name: %s}
                """.formatted(namespace), Namespace.class))
                .create();
        create(Service.class, """
                apiVersion: v1
                kind: Service
                metadata: {name: orders-peers}
                spec:
                  clusterIP: None
                  publishNotReadyAddresses: true
                  selector: {app: orders}
                  ports: [{name: peer, port: 7101}, {name: http, port: 7100}]
                """);
        create(ConfigMap.class, """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: orders-start}
                data: {HOLDFAST_MEMBERS: "1@%s"}
                """.formatted(address(1)));
    }

    String address(int id) {
        return "orders-voter-" + id + "-0.orders-peers." + namespace + ".svc:7101";
    }

    void claim(int id) {
        create(PersistentVolumeClaim.class, """
                apiVersion: v1
                kind: PersistentVolumeClaim
                metadata: {name: orders-voter-%d}
                spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
                """.formatted(id));
    }

    StatefulSet voter(int id, String image) {
        var peerHost = new EnvVarBuilder()
                .withName("HOLDFAST_PEER_HOST")
                .withNewValueFrom()
                .withNewFieldRef("v1", "status.podIP")
                .endValueFrom()
                .build();
        return new StatefulSetBuilder()
                .withNewMetadata()
                .withName("orders-voter-" + id)
                .withNamespace(namespace)
                .endMetadata()
                .withNewSpec()
                .withServiceName("orders-peers")
                .withReplicas(1)
                .withNewSelector()
                .addToMatchLabels("member", Integer.toString(id))
                .endSelector()
                .withNewUpdateStrategy()
                .withType("OnDelete")
                .endUpdateStrategy()
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels("member", Integer.toString(id))
                .addToLabels("app", "orders")
                .endMetadata()
                .withNewSpec()
                .addNewVolume()
                .withName("data")
                .withNewPersistentVolumeClaim("orders-voter-" + id, false)
                .endVolume()
                .addNewContainer()
                .withName("holdfast")
                .withImage(image)
                .addNewEnvFrom()
                .withNewConfigMapRef("orders-start", false)
                .endEnvFrom()
                .addNewEnv()
                .withName("HOLDFAST_NODE_ID")
                .withValue(Integer.toString(id))
                .endEnv()
                .addNewEnv()
                .withName("HOLDFAST_DATA_DIR")
                .withValue("/data")
                .endEnv()
                .addToEnv(peerHost)
                .addNewVolumeMount()
                .withName("data")
                .withMountPath("/data")
                .endVolumeMount()
                .withStartupProbe(probe("started", 2, 150))
                .withLivenessProbe(probe("live", 10, 6))
                .withReadinessProbe(probe("ready", 2, 2))
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }

    private static Probe probe(String name, int period, int failures) {
        return new ProbeBuilder()
                .withNewHttpGet()
                .withPath("/q/health/" + name)
                .withPort(new IntOrString(7100))
                .endHttpGet()
                .withPeriodSeconds(period)
                .withFailureThreshold(failures)
                .build();
    }
}
