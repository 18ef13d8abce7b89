package io.holdfast.operator.look;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.desired.VoterSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which pods are shown the operator's token: a node that checks none refuses requests with any. */
class TokensTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    private Optional<String> shown(String spec) throws IOException {
        Path file = Files.writeString(directory.resolve("token"), "e30.e30.x\n");
        LockCluster cluster = Serialization.unmarshal("""
                apiVersion: holdfast.dev/v1alpha1
                kind: LockCluster
                metadata: {name: orders, namespace: shop, uid: 77777777-7777-7777-7777-777777777777}
                spec: {image: i, %s}
                """.formatted(spec), LockCluster.class);
        Pod pod = new PodBuilder()
                .withNewMetadata()
                .withName("orders-voter-1-0")
                .endMetadata()
                .withSpec(VoterSet.of(cluster, 1).getSpec().getTemplate().getSpec())
                .build();
        Endpoint node = Looker.endpoint(new Blueprint(cluster), 1, pod, "10.0.0.1", "");
        try (ServiceCalls calls = new ServiceCalls(7100, TIMEOUT, TIMEOUT, Optional.of(file))) {
            return calls.requestTo(node, "/v1/cluster")
                    .get()
                    .builder()
                    .build()
                    .headers()
                    .firstValue("Authorization");
        }
    }

    @Test
    void onlyPodsThatCheckTokensAreShownOne() throws IOException {
        assertEquals(Optional.empty(), shown("voters: 3"));
        assertEquals(Optional.empty(), shown("tls: {generated: {}}"));
        assertEquals(
                Optional.of("Bearer e30.e30.x"),
                shown("tls: {generated: {}}, auth: {operator: 'k8s:holdfast-system:holdfast-operator'}"));
    }
}
