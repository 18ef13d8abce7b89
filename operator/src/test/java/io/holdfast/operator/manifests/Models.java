package io.holdfast.operator.manifests;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.holdfast.operator.crd.v1alpha1.Admission;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What an object may look like: Kubernetes' own kinds by the models of its Java client, which are made from its OpenAPI
 * document and reject unknown, missing and mistyped fields; our kinds by their definitions and rules.
 */
public final class Models {

    /** Kinds of others, of which there is no description here. */
    private static final Set<String> OTHERS = Set.of(
            "cert-manager.io/v1",
            "monitoring.coreos.com/v1",
            "kustomize.config.k8s.io/v1beta1",
            "kustomize.config.k8s.io/v1alpha1");

    private final Admission own = new Admission();

    /** What is wrong with an object, one line; empty if nothing is. */
    public Optional<String> problem(JsonNode object) {
        String version = object.path("apiVersion").asText();
        String kind = object.path("kind").asText();
        if (version.isEmpty() || kind.isEmpty()) {
            return Optional.of("it has no apiVersion or kind");
        }
        if (OTHERS.contains(version)) {
            return Optional.empty();
        }
        if (version.equals("holdfast.dev/v1alpha1") && own.schemas().containsKey(kind)) {
            return own.refusals(own.defaulted(object), null).stream().findFirst();
        }
        return known(version, kind, object);
    }

    private static Optional<String> known(String version, String kind, JsonNode object) {
        Optional<Class<?>> model = model(version, kind);
        if (model.isEmpty()) {
            return Optional.of("there is no kind " + kind + " in " + version);
        }
        try {
            Method validate = model.get().getMethod("validateJsonElement", JsonElement.class);
            validate.invoke(null, JsonParser.parseString(object.toString()));
            return Optional.empty();
        } catch (InvocationTargetException e) {
            return Optional.of(String.valueOf(e.getCause().getMessage()));
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(model + " validates nothing", e);
        }
    }

    private static Optional<Class<?>> model(String version, String kind) {
        String number = version.substring(version.indexOf('/') + 1);
        String name = number.substring(0, 1).toUpperCase(Locale.ROOT) + number.substring(1) + kind;
        for (String prefix : List.of("", "Core", "Rbac", "Events")) {
            try {
                return Optional.of(
                        Class.forName("io.kubernetes.client.openapi.models." + name.replace(kind, prefix + kind)));
            } catch (ClassNotFoundException e) {
                // The next one.
            }
        }
        return Optional.empty();
    }
}
