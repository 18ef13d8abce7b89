package io.holdfast.operator.desired;

import io.holdfast.operator.crd.v1alpha1.LockClusterSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;

/**
 * The settings of the server that a cluster may give, and those that it may not because the operator gives them. The
 * list is that of {@code docs/configuration.md}; a test compares the two.
 */
final class ServerSettings {

    private static final Properties KNOWN = read();
    private static final String USE_TLS = "use spec.tls";

    /** What the operator sets, and where a cluster says it instead. */
    private static final Map<String, String> OWN = Map.ofEntries(
            Map.entry("holdfast.node-id", "the operator gives the ids"),
            Map.entry("holdfast.cluster-id", "use spec.clusterId"),
            Map.entry("holdfast.data-dir", "use spec.storage"),
            Map.entry("holdfast.members", "use spec.voters"),
            Map.entry("holdfast.join", "the operator knows the addresses"),
            Map.entry("holdfast.single-node", "use spec.voters: 1"),
            Map.entry("holdfast.generation", "the operator knows the generation"),
            Map.entry("holdfast.peer.host", "it is the address of the pod"),
            Map.entry("holdfast.peer.port", "it is 7101"),
            Map.entry("holdfast.peer.protocol-max", "use spec.protocolMax"),
            Map.entry("holdfast.http.advertised", "it is the name of the pod"),
            Map.entry("holdfast.insecure", "it follows from spec.tls and spec.auth"),
            Map.entry("holdfast.peer.tls.mode", USE_TLS),
            Map.entry("holdfast.peer.tls.certificate", USE_TLS),
            Map.entry("holdfast.peer.tls.key", USE_TLS),
            Map.entry("holdfast.peer.tls.ca", USE_TLS),
            Map.entry("holdfast.tls.mode", USE_TLS),
            Map.entry("holdfast.tls.certificate", USE_TLS),
            Map.entry("holdfast.tls.key", USE_TLS),
            Map.entry("holdfast.tls.client-certificates", "the operator has none"),
            Map.entry("holdfast.management.port", "with spec.tls it is 7102"),
            Map.entry("holdfast.management.host", "with spec.tls it is the address of the pod"),
            Map.entry("holdfast.auth.administrators", "use spec.auth.administrators"),
            Map.entry("holdfast.auth.kubernetes.enabled", "use spec.auth"),
            Map.entry("holdfast.auth.kubernetes.audience", "it is that of the operator's token"),
            Map.entry("holdfast.auth.kubernetes.issuer", "it is that of the operator's token"),
            Map.entry("holdfast.auth.kubernetes.url", "it is the API server of the operator"),
            Map.entry("holdfast.auth.kubernetes.ca", "use spec.auth"),
            Map.entry("holdfast.auth.kubernetes.token-file", "use spec.auth"),
            Map.entry("holdfast.session.ttl-min", "use spec.session.ttlMin"),
            Map.entry("holdfast.session.ttl-default", "use spec.session.ttlDefault"),
            Map.entry("holdfast.session.ttl-max", "use spec.session.ttlMax"));

    private ServerSettings() {}

    /**
     * Returns the variables of the environment for what a cluster gives.
     *
     * @throws SpecRefusedException naming a key that the server does not have, or the operator gives
     */
    static Map<String, String> of(LockClusterSpec spec) {
        var variables = new TreeMap<String, String>();
        spec.config().forEach((key, value) -> {
            if (OWN.containsKey(key)) {
                throw new SpecRefusedException(
                        "spec.config", "the operator sets " + key + " itself: remove it, " + OWN.get(key));
            }
            if (!KNOWN.containsKey(key)) {
                throw new SpecRefusedException(
                        "spec.config",
                        key + " is no setting of the server: remove it, or look its name up in docs/configuration.md");
            }
            variables.put(variable(key), value);
        });
        variables.put("HOLDFAST_SESSION_TTL_MIN", spec.session().ttlMin());
        variables.put("HOLDFAST_SESSION_TTL_DEFAULT", spec.session().ttlDefault());
        variables.put("HOLDFAST_SESSION_TTL_MAX", spec.session().ttlMax());
        var protocolMax = spec.protocolMax();
        if (protocolMax != null) {
            variables.put("HOLDFAST_PEER_PROTOCOL_MAX", protocolMax.toString());
        }
        return variables;
    }

    /** Returns the default of a setting. */
    static String standard(String key) {
        return Objects.requireNonNull(KNOWN.getProperty(key), key);
    }

    /** Returns the variable that gives a setting. */
    static String variable(String key) {
        return key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    static Properties known() {
        return KNOWN;
    }

    static Map<String, String> own() {
        return OWN;
    }

    private static Properties read() {
        var known = new Properties();
        try (var list = Objects.requireNonNull(
                ServerSettings.class.getResourceAsStream("server-settings.properties"), "the list of settings")) {
            known.load(list);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return known;
    }
}
