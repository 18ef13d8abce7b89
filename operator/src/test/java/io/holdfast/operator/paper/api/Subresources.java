package io.holdfast.operator.paper.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.operator.paper.api.ObjectApi.Write;
import java.util.function.UnaryOperator;

/** Scale, eviction and binding: requests whose body is of another kind than the object that they change. */
final class Subresources {

    private final ObjectApi objects;
    private final ObjectStore store;

    Subresources(ObjectApi objects, ObjectStore store) {
        this.objects = objects;
        this.store = store;
    }

    ObjectNode scale(Write write) {
        var object = objects.existing(write);
        var paths = paths(write.resource());
        var scale = ObjectApi.none().put("apiVersion", "autoscaling/v1").put("kind", "Scale");
        var metadata = scale.putObject("metadata").put("name", write.name()).put("namespace", write.namespace());
        metadata.set("uid", object.at("/metadata/uid"));
        metadata.set("resourceVersion", object.at("/metadata/resourceVersion"));
        scale.putObject("spec").put("replicas", object.at(paths.replicas()).asInt());
        scale.putObject("status")
                .put("replicas", object.at(paths.statusReplicas()).asInt());
        var selector = object.at(paths.selector()).asText();
        if (!paths.selector().isEmpty() && !selector.isEmpty()) {
            scale.withObject("/status").put("selector", selector);
        }
        return scale;
    }

    ObjectNode rescale(Write write, UnaryOperator<ObjectNode> change) {
        synchronized (objects) {
            var scale = change.apply(scale(write));
            var replicas = scale.at("/spec/replicas");
            if (!replicas.isIntegralNumber() || replicas.asInt() < 0) {
                throw ApiException.invalid("spec.replicas: Invalid value: " + replicas);
            }
            var pointer = paths(write.resource()).replicas();
            var parent = pointer.substring(0, pointer.lastIndexOf('/'));
            var whole = new Write(write.resource(), write.namespace(), write.name(), "");
            objects.update(whole, old -> {
                var now = old.deepCopy();
                now.withObject(parent).set(pointer.substring(pointer.lastIndexOf('/') + 1), replicas);
                var expected = scale.at("/metadata/resourceVersion");
                if (expected.isTextual()) {
                    ObjectApi.metadata(now).set("resourceVersion", expected);
                }
                return now;
            });
            return scale(write);
        }
    }

    private static Resource.Scale paths(Resource resource) {
        var scale = resource.scale();
        if (scale == null) {
            throw ApiException.notFound(resource, "scale");
        }
        return scale;
    }

    /** Deletes the pod if its budget allows that. */
    ObjectNode evict(Write pod, JsonNode eviction) {
        synchronized (objects) {
            var there = objects.existing(pod);
            var phase = there.at("/status/phase").asText();
            var counts = !phase.equals("Pending") && !phase.equals("Succeeded") && !phase.equals("Failed");
            if (counts && !there.path("metadata").has("deletionTimestamp")) {
                var budgets = store.list(
                                "poddisruptionbudgets.policy", pod.namespace(), budget -> covers(budget, there), false)
                        .objects();
                if (budgets.size() > 1) {
                    throw new ApiException(
                            500,
                            "InternalError",
                            "This pod has more than one PodDisruptionBudget, which the eviction subresource does not"
                                    + " support.");
                }
                var mayGo = !isReady(there)
                        && budgets.stream()
                                .allMatch(budget -> budget.at("/spec/unhealthyPodEvictionPolicy")
                                        .asText()
                                        .equals("AlwaysAllow"));
                if (!budgets.isEmpty() && !mayGo) {
                    checkPreconditions(pod, there, eviction);
                    takeFrom(budgets.get(0), pod);
                }
            }
            objects.delete(pod, eviction.path("deleteOptions"));
            return success();
        }
    }

    /** A precondition that fails must not use the budget up. */
    private static void checkPreconditions(Write pod, ObjectNode there, JsonNode eviction) {
        var uid = eviction.at("/deleteOptions/preconditions/uid");
        if (uid.isTextual() && !uid.equals(there.at("/metadata/uid"))) {
            throw ApiException.conflict(pod.resource(), pod.name(), "Precondition failed: UID in precondition: " + uid);
        }
    }

    private void takeFrom(ObjectNode budget, Write pod) {
        var name = budget.at("/metadata/name").asText();
        var allowed = budget.at("/status/disruptionsAllowed").asInt();
        if (budget.at("/status/observedGeneration").asLong()
                < budget.at("/metadata/generation").asLong()) {
            throw ApiException.budget("The disruption budget " + name + " is still being processed by the server.");
        }
        if (allowed <= 0) {
            throw ApiException.budget("The disruption budget " + name + " needs "
                    + budget.at("/status/desiredHealthy").asInt() + " healthy pods and has "
                    + budget.at("/status/currentHealthy").asInt() + " currently");
        }
        var resource = Resource.builtIn().get("poddisruptionbudgets.policy");
        objects.update(new Write(resource, pod.namespace(), name, "status"), old -> {
            var now = old.deepCopy();
            now.withObject("/status").put("disruptionsAllowed", allowed - 1);
            now.withObject("/status").withObject("/disruptedPods").put(pod.name(), ObjectApi.now());
            return now;
        });
    }

    static boolean covers(JsonNode budget, JsonNode pod) {
        return Selector.of(budget.at("/spec/selector")).test(pod);
    }

    static boolean isReady(JsonNode pod) {
        for (var condition : pod.at("/status/conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }

    /** Puts the pod on a node. */
    ObjectNode bind(Write pod, JsonNode binding) {
        objects.update(new Write(pod.resource(), pod.namespace(), pod.name(), ""), old -> {
            if (!old.at("/spec/nodeName").asText().isEmpty()) {
                throw ApiException.conflict(pod.resource(), pod.name(), "pod is already assigned to a node");
            }
            var now = old.deepCopy();
            now.withObject("/spec").set("nodeName", binding.at("/target/name"));
            return now;
        });
        return success();
    }

    static ObjectNode success() {
        return ObjectApi.none().put("kind", "Status").put("apiVersion", "v1").put("status", "Success");
    }
}
