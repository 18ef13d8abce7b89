package io.holdfast.operator.desired;

import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.holdfast.operator.crd.v1alpha1.Auth;
import io.holdfast.operator.crd.v1alpha1.AuthIssuer;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The credentials that the members of a cluster accept. Tokens of ServiceAccounts are always among them, since the
 * operator has no other. Members ask the API server for its public keys with a token of their own, and with no right
 * but that.
 */
final class Credentials {

    private static final String VOLUME = "api";
    private static final String DIRECTORY = "/etc/holdfast/api";
    private static final String TOKEN = "token";
    private static final String AUTHORITIES = "ca.crt";
    private static final long TOKEN_SECONDS = 3_600;
    private static final int MODE = 0440;

    private Credentials() {}

    static Map<String, String> settings(LockCluster cluster) {
        Auth auth = cluster.getSpec().auth();
        if (auth == null) {
            return Map.of();
        }
        var settings = new TreeMap<String, String>();
        settings.put(Names.CHECKS_TOKENS, "true");
        settings.put("HOLDFAST_AUTH_KUBERNETES_TOKEN_FILE", DIRECTORY + "/" + TOKEN);
        settings.put("HOLDFAST_AUTH_KUBERNETES_CA", DIRECTORY + "/" + AUTHORITIES);
        settings.put(
                "HOLDFAST_AUTH_ADMINISTRATORS",
                Stream.concat(Stream.of(auth.operator()), auth.administrators().stream())
                        .collect(Collectors.joining(",")));
        auth.issuers().forEach(issuer -> put(settings, issuer));
        return settings;
    }

    private static void put(Map<String, String> settings, AuthIssuer issuer) {
        String prefix = "HOLDFAST_AUTH_ISSUERS_"
                + issuer.name().toUpperCase(Locale.ROOT).replace('-', '_') + "_";
        settings.put(prefix + "URL", issuer.url());
        settings.put(prefix + "AUDIENCE", issuer.audience());
        settings.put(prefix + "PRINCIPAL_CLAIM", issuer.principalClaim());
        if (issuer.groupsClaim() != null) {
            settings.put(prefix + "GROUPS_CLAIM", issuer.groupsClaim());
        }
    }

    static List<Volume> volumes(LockCluster cluster) {
        if (cluster.getSpec().auth() == null) {
            return List.of();
        }
        return List.of(new VolumeBuilder()
                .withName(VOLUME)
                .withNewProjected()
                .withDefaultMode(MODE)
                .addNewSource()
                .withNewServiceAccountToken(null, TOKEN_SECONDS, TOKEN)
                .endSource()
                .addNewSource()
                .withNewConfigMap()
                .withName("kube-root-ca.crt")
                .addNewItem(AUTHORITIES, null, AUTHORITIES)
                .endConfigMap()
                .endSource()
                .endProjected()
                .build());
    }

    static List<VolumeMount> mounts(LockCluster cluster) {
        return cluster.getSpec().auth() == null
                ? List.of()
                : List.of(new VolumeMountBuilder()
                        .withName(VOLUME)
                        .withMountPath(DIRECTORY)
                        .withReadOnly(true)
                        .build());
    }
}
