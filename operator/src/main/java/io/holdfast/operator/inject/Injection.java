package io.holdfast.operator.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.holdfast.operator.ClusterName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decides what becomes of a pod: a function of the pod and of the clusters of its namespace. */
final class Injection {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String image;
    private final Clusters clusters;

    Injection(String image, Clusters clusters) {
        this.image = image;
        this.clusters = clusters;
    }

    /**
     * What is decided.
     *
     * @param patch a JSON patch; empty if the pod stays as it is
     * @param injected whether the patch has the sidecar
     * @param warnings for the client that makes the pod, one line each
     */
    record Decision(ArrayNode patch, boolean injected, List<String> warnings) {

        static Decision nothing(List<String> warnings) {
            return new Decision(JsonNodeFactory.instance.arrayNode(), false, warnings);
        }
    }

    /** Decides about a pod that is made in a namespace. */
    Decision decide(JsonNode pod, String namespace) {
        Optional<Wish> asked = Wish.of(pod);
        if (asked.isEmpty() || hasSidecar(pod)) {
            return Decision.nothing(List.of());
        }
        Wish wish = asked.get();
        List<String> problems = new ArrayList<>(wish.problems());
        unfit(pod).ifPresent(problems::add);
        List<String> remarks = new ArrayList<>(wish.remarks());
        Optional<ClusterName> cluster = Optional.empty();
        if (problems.isEmpty()) {
            cluster = wish.cluster().isPresent() ? wish.cluster() : only(namespace, problems);
        }
        if (cluster.isEmpty()) {
            return Decision.nothing(warnings("the pod gets no sidecar: ", problems, remarks));
        }
        return new Decision(patch(pod, wish, cluster.get()), true, warnings("", List.of(), remarks));
    }

    /** Whether a pod has the sidecar, injected or by its own manifest. */
    static boolean hasSidecar(JsonNode pod) {
        return container(pod.path("spec").path("initContainers"))
                || container(pod.path("spec").path("containers"));
    }

    private static boolean container(JsonNode list) {
        for (JsonNode container : list) {
            if (SidecarContainer.NAME.equals(container.path("name").asText())) {
                return true;
            }
        }
        return false;
    }

    /** Why no sidecar can be in this pod, whatever is asked. */
    private static Optional<String> unfit(JsonNode pod) {
        JsonNode spec = pod.path("spec");
        if (spec.path("hostNetwork").asBoolean()) {
            return Optional.of("hostNetwork is true, so other pods of the node could ask its sidecar: set it to false");
        }
        if ("windows".equals(spec.path("os").path("name").asText())) {
            return Optional.of("spec.os.name is windows, and the sidecar's image is for linux");
        }
        for (String list : List.of("initContainers", "containers")) {
            for (JsonNode container : spec.path(list)) {
                for (JsonNode port : container.path("ports")) {
                    int number = port.path("containerPort").asInt();
                    if (number == SidecarContainer.ASK_PORT || number == SidecarContainer.PROBE_PORT) {
                        return Optional.of("its container "
                                + Wish.quoted(container.path("name").asText()) + " has port " + number
                                + ", which is the sidecar's: give it another");
                    }
                }
            }
        }
        return Optional.empty();
    }

    private Optional<ClusterName> only(String namespace, List<String> problems) {
        List<String> names;
        try {
            names = clusters.of(namespace);
        } catch (RuntimeException e) {
            problems.add("the clusters of namespace " + namespace + " could not be read: set " + Wish.CLUSTER
                    + " to namespace/name of one, or make the pod again");
            return Optional.empty();
        }
        if (names.size() == 1) {
            return Optional.of(new ClusterName(namespace, names.get(0)));
        }
        problems.add("namespace " + namespace + " has " + (names.isEmpty() ? "no LockCluster" : "several LockClusters")
                + ": set " + Wish.CLUSTER + " to namespace/name of one");
        return Optional.empty();
    }

    private ArrayNode patch(JsonNode pod, Wish wish, ClusterName cluster) {
        ArrayNode patch = JSON.createArrayNode();
        JsonNode container = JSON.valueToTree(SidecarContainer.of(image, cluster, wish));
        // First of the init containers: it starts before the others and ends after all.
        if (pod.path("spec").path("initContainers").isArray()) {
            add(patch, "/spec/initContainers/0", container);
        } else {
            add(patch, "/spec/initContainers", JSON.createArrayNode().add(container));
        }
        if (!pod.path("metadata").path("labels").isObject()) {
            add(patch, "/metadata/labels", JSON.createObjectNode());
        }
        add(patch, "/metadata/labels/" + pointer(ClusterName.SESSION_LABEL), JSON.valueToTree(SidecarContainer.NAME));
        // There are annotations: one of them asked.
        add(patch, "/metadata/annotations/" + pointer(Wish.CLUSTER), JSON.valueToTree(cluster.toString()));
        return patch;
    }

    private static void add(ArrayNode patch, String path, JsonNode value) {
        patch.addObject().put("op", "add").put("path", path).set("value", value);
    }

    private static String pointer(String key) {
        return key.replace("~", "~0").replace("/", "~1");
    }

    /** Kubernetes shows 256 characters of a warning. */
    private static List<String> warnings(String before, List<String> problems, List<String> remarks) {
        List<String> all = new ArrayList<>();
        problems.forEach(problem -> all.add(cut("holdfast: " + before + problem)));
        remarks.forEach(remark -> all.add(cut("holdfast: " + remark)));
        return all.stream().limit(8).toList();
    }

    private static String cut(String line) {
        return line.length() <= 256 ? line : line.substring(0, 255) + "…";
    }
}
