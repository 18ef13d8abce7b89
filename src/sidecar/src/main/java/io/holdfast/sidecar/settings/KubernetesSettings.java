package io.holdfast.sidecar.settings;

import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How traffic is directed to the leader.
 *
 * @param pod own pod
 * @param label which pods are labelled
 * @param slice name of the {@code EndpointSlice} that has the leader's address alone; empty when there is none
 * @param api base URI of the API server
 * @param account directory with the service account's {@code token} and {@code ca.crt}
 */
public record KubernetesSettings(Pod pod, PodLabelMode label, Optional<String> slice, URI api, Path account) {

    private static final Path ACCOUNT = Path.of("/", "var", "run", "secrets", "kubernetes.io", "serviceaccount");
    private static final Pattern OBJECT = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?");
    private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F.:]{2,45}");

    /** Whether anything is asked of the API server. */
    public boolean isUsed() {
        return label != PodLabelMode.OFF || slice.isPresent();
    }

    static KubernetesSettings read(Environment environment, Pod pod) {
        PodLabelMode label = label(environment);
        Optional<String> slice = environment.text("HOLDFAST_ENDPOINT_SLICE");
        slice.filter(name -> !OBJECT.matcher(name).matches()).ifPresent(name -> {
            throw new BadSettingException(
                    "HOLDFAST_ENDPOINT_SLICE",
                    "set it to the name of an EndpointSlice, not " + Environment.quoted(name));
        });
        KubernetesSettings settings = new KubernetesSettings(
                pod,
                label,
                slice,
                api(environment, label != PodLabelMode.OFF || slice.isPresent()),
                environment.text("HOLDFAST_SERVICE_ACCOUNT_DIR").map(Path::of).orElse(ACCOUNT));
        if (label != PodLabelMode.OFF) {
            given("HOLDFAST_POD_LABEL", "POD_NAME", pod.name(), "metadata.name");
            given("HOLDFAST_POD_LABEL", "POD_UID", pod.uid(), "metadata.uid");
            given("HOLDFAST_POD_LABEL", "POD_NAMESPACE", pod.namespace(), "metadata.namespace");
        }
        if (slice.isPresent()) {
            given("HOLDFAST_ENDPOINT_SLICE", "POD_NAMESPACE", pod.namespace(), "metadata.namespace");
            given("HOLDFAST_ENDPOINT_SLICE", "POD_IP", pod.ip(), "status.podIP");
        }
        object("POD_NAME", pod.name());
        object("POD_NAMESPACE", pod.namespace());
        if (!pod.ip().isEmpty() && !ADDRESS.matcher(pod.ip()).matches()) {
            throw new BadSettingException("POD_IP", "set it from status.podIP, not to " + Environment.quoted(pod.ip()));
        }
        return settings;
    }

    private static PodLabelMode label(Environment environment) {
        String text = environment.text("HOLDFAST_POD_LABEL").orElse("off");
        for (PodLabelMode mode : PodLabelMode.values()) {
            if (mode.name().toLowerCase(Locale.ROOT).equals(text)) {
                return mode;
            }
        }
        throw new BadSettingException(
                "HOLDFAST_POD_LABEL", "set it to off, self or takeover, not " + Environment.quoted(text));
    }

    private static URI api(Environment environment, boolean used) {
        Optional<URI> given = environment.http("HOLDFAST_KUBERNETES_URL");
        if (given.isPresent()) {
            return given.get();
        }
        Optional<String> host = environment.text("KUBERNETES_SERVICE_HOST");
        if (used && host.isEmpty()) {
            throw new BadSettingException(
                    "KUBERNETES_SERVICE_HOST",
                    "is missing, so this is no pod: set HOLDFAST_POD_LABEL to off and HOLDFAST_ENDPOINT_SLICE to"
                            + " nothing");
        }
        String name = host.orElse("localhost");
        String port = environment.text("KUBERNETES_SERVICE_PORT").orElse("443");
        return Environment.parsed(
                "KUBERNETES_SERVICE_HOST",
                "https://" + (name.contains(":") ? "[" + name + "]" : name) + ":" + port,
                URI::create);
    }

    private static void given(String because, String name, String value, String field) {
        if (value.isEmpty()) {
            throw new BadSettingException(
                    name, "is missing, and " + because + " needs it: set it from the field " + field + " of the pod");
        }
    }

    private static void object(String name, String value) {
        if (!value.isEmpty() && !OBJECT.matcher(value).matches()) {
            throw new BadSettingException(name, "set it from the pod's metadata, not to " + Environment.quoted(value));
        }
    }
}
