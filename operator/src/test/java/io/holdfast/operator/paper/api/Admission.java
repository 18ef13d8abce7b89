package io.holdfast.operator.paper.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** What an API server adds to objects of built-in kinds, and which of their fields it never changes. */
final class Admission {

    private static final List<String> SET_MUTABLE = List.of(
            "replicas",
            "ordinals",
            "template",
            "updateStrategy",
            "revisionHistoryLimit",
            "persistentVolumeClaimRetentionPolicy",
            "minReadySeconds");

    private static int addresses;

    private Admission() {}

    static void created(Resource resource, ObjectNode object) {
        switch (resource.name()) {
            case "persistentvolumeclaims" -> {
                ObjectApi.addFinalizer(object, "kubernetes.io/pvc-protection");
                object.putObject("status").put("phase", "Pending");
            }
            case "pods" -> object.putObject("status").put("phase", "Pending");
            case "namespaces" -> {
                ObjectApi.addFinalizer(object, "paper/content");
                object.putObject("status").put("phase", "Active");
            }
            case "services" -> address(object);
            case "statefulsets.apps" -> {
                if (!spec(object).at("/updateStrategy/type").asText().equals("OnDelete")) {
                    throw forbidden(resource, object, "spec.updateStrategy: only OnDelete is implemented here");
                }
            }
            default -> {}
        }
    }

    private static synchronized void address(ObjectNode service) {
        if (!service.path("spec").has("clusterIP")) {
            addresses++;
            service.withObject("/spec").put("clusterIP", "10.96." + addresses / 250 + "." + (1 + addresses % 250));
        }
    }

    static void changed(Resource resource, ObjectNode old, ObjectNode now) {
        switch (resource.name()) {
            case "statefulsets.apps" -> same(resource, old, now, SET_MUTABLE);
            case "persistentvolumeclaims" -> claim(resource, old, now);
            case "services" -> keepAddress(old, now);
            case "secrets", "configmaps" -> {
                if (old.path("immutable").asBoolean() && !old.path("data").equals(now.path("data"))) {
                    throw forbidden(resource, now, "data: Forbidden: field is immutable when `immutable` is set");
                }
            }
            case "pods" -> pod(resource, old, now);
            default -> {}
        }
    }

    private static void same(Resource resource, ObjectNode old, ObjectNode now, List<String> mutable) {
        var before = spec(old).without(mutable);
        if (!before.equals(spec(now).without(mutable))) {
            throw forbidden(
                    resource, now, "spec: Forbidden: updates to statefulset spec for fields other than " + mutable);
        }
    }

    private static void claim(Resource resource, ObjectNode old, ObjectNode now) {
        var pointer = "/resources/requests/storage";
        if (Quantities.bytes(spec(now).at(pointer).asText())
                < Quantities.bytes(spec(old).at(pointer).asText())) {
            throw forbidden(
                    resource,
                    now,
                    "spec.resources.requests.storage: Forbidden: field can not be less than status.capacity");
        }
        var mutable = List.of("resources", "volumeName");
        if (!spec(old).without(mutable).equals(spec(now).without(mutable))) {
            throw forbidden(
                    resource, now, "spec: Forbidden: spec is immutable after creation except resources.requests");
        }
    }

    private static void keepAddress(ObjectNode old, ObjectNode now) {
        if (!now.path("spec").has("clusterIP")) {
            now.withObject("/spec").set("clusterIP", old.path("spec").path("clusterIP"));
        }
    }

    private static void pod(Resource resource, ObjectNode old, ObjectNode now) {
        var mutable = List.of("tolerations", "activeDeadlineSeconds", "terminationGracePeriodSeconds", "nodeName");
        var before = spec(old).without(mutable);
        var after = spec(now).without(mutable);
        for (var spec : List.of(before, after)) {
            spec.path("containers").forEach(container -> ((ObjectNode) container).remove("image"));
        }
        if (!before.equals(after)) {
            throw forbidden(resource, now, "spec: Forbidden: pod updates may not change fields other than images");
        }
    }

    private static ObjectNode spec(JsonNode object) {
        return object.path("spec") instanceof ObjectNode spec ? spec.deepCopy() : ObjectApi.none();
    }

    private static ApiException forbidden(Resource resource, ObjectNode object, String why) {
        return ApiException.invalid(
                resource.kind() + " \"" + object.path("metadata").path("name").asText() + "\" is invalid: " + why);
    }
}
