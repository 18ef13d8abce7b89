package io.holdfast.operator.paper.kubelet;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The environment of a container, as its pod, ConfigMaps and Secrets give it. */
final class Environment {

    private static final Pattern REFERENCE = Pattern.compile("\\$(\\$)|\\$\\(([A-Za-z_][A-Za-z0-9_.-]*)\\)");
    private static final Pattern KEYED = Pattern.compile("metadata\\.(labels|annotations)\\['([^']+)'\\]");

    private final KubernetesClient client;
    private final Pod pod;
    private final String address;

    Environment(KubernetesClient client, Pod pod, String address) {
        this.client = client;
        this.pod = pod;
        this.address = address;
    }

    /** A setting, a ConfigMap or a Secret that a container needs is not there. */
    static final class MissingException extends Exception {
        private static final long serialVersionUID = 1;

        MissingException(String message) {
            super(message);
        }
    }

    Map<String, String> of(Container container) throws MissingException {
        var environment = new LinkedHashMap<String, String>();
        for (var source : container.getEnvFrom()) {
            var prefix = source.getPrefix() == null ? "" : source.getPrefix();
            Map<String, String> all;
            if (source.getConfigMapRef() != null) {
                var optional = Boolean.TRUE.equals(source.getConfigMapRef().getOptional());
                all = configMap(source.getConfigMapRef().getName(), optional);
            } else {
                var optional = Boolean.TRUE.equals(source.getSecretRef().getOptional());
                all = secret(source.getSecretRef().getName(), optional);
            }
            all.forEach((name, value) -> environment.put(prefix + name, value));
        }
        for (var variable : container.getEnv()) {
            var value = variable.getValueFrom() == null
                    ? expand(variable.getValue() == null ? "" : variable.getValue(), environment)
                    : valueFrom(container, variable.getValueFrom());
            if (value != null) {
                environment.put(variable.getName(), value);
            }
        }
        return environment;
    }

    /** With each {@code $(NAME)} replaced that is known, and each {@code $$} by one. */
    static String expand(String text, Map<String, String> environment) {
        return REFERENCE
                .matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(
                        match.group(1) != null ? "$" : environment.getOrDefault(match.group(2), match.group())));
    }

    private @Nullable String valueFrom(Container container, EnvVarSource source) throws MissingException {
        if (source.getFieldRef() != null) {
            return field(source.getFieldRef().getFieldPath());
        }
        if (source.getResourceFieldRef() != null) {
            return resource(container, source.getResourceFieldRef().getResource());
        }
        if (source.getConfigMapKeyRef() != null) {
            var reference = source.getConfigMapKeyRef();
            var optional = Boolean.TRUE.equals(reference.getOptional());
            return key(configMap(reference.getName(), optional), reference.getName(), reference.getKey(), optional);
        }
        var reference = source.getSecretKeyRef();
        var optional = Boolean.TRUE.equals(reference.getOptional());
        return key(secret(reference.getName(), optional), reference.getName(), reference.getKey(), optional);
    }

    private static @Nullable String key(Map<String, String> all, String name, String key, boolean optional)
            throws MissingException {
        if (!all.containsKey(key) && !optional) {
            throw new MissingException("couldn't find key " + key + " in " + name);
        }
        return all.get(key);
    }

    private String field(String path) {
        var keyed = KEYED.matcher(path);
        if (keyed.matches()) {
            var all = keyed.group(1).equals("labels")
                    ? pod.getMetadata().getLabels()
                    : pod.getMetadata().getAnnotations();
            return all.getOrDefault(keyed.group(2), "");
        }
        return switch (path) {
            case "metadata.name" -> pod.getMetadata().getName();
            case "metadata.namespace" -> pod.getMetadata().getNamespace();
            case "metadata.uid" -> pod.getMetadata().getUid();
            case "spec.nodeName" -> pod.getSpec().getNodeName();
            case "status.podIP", "status.podIPs", "status.hostIP" -> address;
            default -> throw new IllegalStateException("a field that the paper kubelet does not know: " + path);
        };
    }

    private static String resource(Container container, String name) {
        var kind = name.substring(0, name.indexOf('.'));
        var all = container.getResources() == null
                ? null
                : kind.equals("limits")
                        ? container.getResources().getLimits()
                        : container.getResources().getRequests();
        var value = all == null ? null : all.get(name.substring(kind.length() + 1));
        return value == null
                ? "0"
                : Long.toString(Quantity.getAmountInBytes(value).longValue());
    }

    private Map<String, String> configMap(String name, boolean optional) throws MissingException {
        var map = client.configMaps()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(name)
                .get();
        if (map == null && !optional) {
            throw new MissingException("configmap \"" + name + "\" not found");
        }
        return map == null || map.getData() == null ? Map.of() : map.getData();
    }

    private Map<String, String> secret(String name, boolean optional) throws MissingException {
        var secret = client.secrets()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(name)
                .get();
        if (secret == null && !optional) {
            throw new MissingException("secret \"" + name + "\" not found");
        }
        var decoded = new LinkedHashMap<String, String>();
        if (secret != null && secret.getData() != null) {
            secret.getData()
                    .forEach((key, value) ->
                            decoded.put(key, new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8)));
        }
        return decoded;
    }

    /** What a volume of this kind has as files. */
    Map<String, String> files(String kind, String name) throws MissingException {
        return kind.equals("secret") ? secret(name, false) : configMap(name, false);
    }
}
