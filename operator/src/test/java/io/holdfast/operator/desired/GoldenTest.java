package io.holdfast.operator.desired;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.gson.JsonParser;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.crd.v1alpha1.LockObservers;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PersistentVolumeClaim;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All objects of whole clusters, as they are sent, compared with files, and with Kubernetes' own description. */
class GoldenTest {

    private static final Path FILES = Path.of("src/test/resources/desired");
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @ValueSource(strings = {"one-ephemeral", "three-and-two", "five-with-everything", "secured"})
    void theObjectsOfAClusterAreThoseOfTheFile(String name) throws IOException {
        var rendered = text(render(name));
        var file = FILES.resolve(name + ".yaml");
        if (Boolean.getBoolean("docs.write")) {
            Files.writeString(file, rendered);
        }
        assertEquals(Files.readString(file), rendered, "write it with -Ddocs.write=true and read the change");
    }

    @ParameterizedTest
    @ValueSource(strings = {"one-ephemeral", "three-and-two", "five-with-everything", "secured"})
    void kubernetesKnowsEveryFieldOfThem(String name) throws IOException {
        for (var object : render(name)) {
            var json = JsonParser.parseString(Serialization.asJson(object));
            switch (object.getKind()) {
                case "ConfigMap" -> V1ConfigMap.validateJsonElement(json);
                case "NetworkPolicy" -> V1NetworkPolicy.validateJsonElement(json);
                case "PersistentVolumeClaim" -> V1PersistentVolumeClaim.validateJsonElement(json);
                case "PodDisruptionBudget" -> V1PodDisruptionBudget.validateJsonElement(json);
                case "Service" -> V1Service.validateJsonElement(json);
                case "StatefulSet" -> V1StatefulSet.validateJsonElement(json);
                default -> assertEquals("ServiceMonitor", object.getKind());
            }
        }
    }

    @Test
    void theSameSpecificationGivesTheSameBytesHoweverItIsWritten() throws IOException {
        var name = "five-with-everything";
        var once = text(render(name));
        assertEquals(once, text(render(name)));
        var turned = new ArrayList<Object>();
        for (var object : read(name)) {
            turned.add(Serialization.unmarshal(
                    reversed(JSON.readTree(Serialization.asJson(object))).toString(), object.getClass()));
        }
        assertEquals(once, text(render(turned)), "another order of fields and keys");
    }

    @Test
    void labelsSayWhatAnObjectIsAndSelectorsFindEveryPod() throws IOException {
        var cluster = (LockCluster) read("three-and-two").get(0);
        for (var object : render("three-and-two")) {
            var labels = object.getMetadata().getLabels();
            assertEquals("holdfast-operator", labels.get("app.kubernetes.io/managed-by"));
            assertTrue(labels.values().stream()
                    .allMatch(value -> value.matches("[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")));
            if (object instanceof StatefulSet set) {
                var pod = set.getSpec().getTemplate().getMetadata().getLabels().entrySet();
                assertTrue(pod.containsAll(
                        set.getSpec().getSelector().getMatchLabels().entrySet()));
                assertTrue(pod.containsAll(Labels.selectMembers(cluster).entrySet()));
                assertTrue(pod.containsAll(labels.entrySet()));
            }
        }
    }

    private static List<HasMetadata> render(String name) throws IOException {
        return render(read(name));
    }

    private static List<HasMetadata> render(List<?> read) {
        var cluster = only(read, LockCluster.class).get(0);
        var observers = only(read, LockObservers.class);
        var spec = cluster.getSpec();
        var status = cluster.getStatus();
        var objects = new ArrayList<HasMetadata>();
        objects.add(StartConfig.founding(cluster));
        objects.add(StartConfig.joining(
                cluster, IntStream.rangeClosed(1, spec.voters()).boxed().toList()));
        objects.addAll(SharedObjects.of(
                cluster,
                new SharedObjects.Seen(
                        !observers.isEmpty(),
                        spec.voters(),
                        observers.stream().mapToInt(o -> o.getSpec().replicas()).sum(),
                        true)));
        for (var id : new TreeSet<>(List.of(1, spec.voters()))) {
            if (!spec.storage().ephemeral()) {
                objects.add(VoterClaim.of(cluster, id, status == null ? null : status.generation()));
            }
            objects.add(VoterSet.of(cluster, id));
        }
        for (var set : observers) {
            objects.add(ObserverSet.of(cluster, set, 10001, set.getSpec().replicas()));
        }
        return objects;
    }

    private static <T> List<T> only(List<?> objects, Class<T> type) {
        return objects.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private static List<HasMetadata> read(String name) throws IOException {
        var objects = new ArrayList<HasMetadata>();
        for (var document : Files.readString(FILES.resolve(name + ".in.yaml")).split("(?m)^---\n")) {
            objects.add(Serialization.unmarshal(document, kind(document)));
        }
        return objects;
    }

    private static Class<? extends HasMetadata> kind(String document) {
        return document.contains("kind: LockCluster\n") ? LockCluster.class : LockObservers.class;
    }

    private static String text(List<HasMetadata> objects) {
        return objects.stream().map(Serialization::asYaml).collect(Collectors.joining());
    }

    private static JsonNode reversed(JsonNode node) {
        if (!node.isObject()) {
            return node;
        }
        var fields = new ArrayList<>(node.properties());
        var copy = JSON.createObjectNode();
        for (int i = fields.size() - 1; i >= 0; i--) {
            copy.set(fields.get(i).getKey(), reversed(fields.get(i).getValue()));
        }
        return copy;
    }
}
