package io.holdfast.operator.desired;

import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.holdfast.operator.crd.v1alpha1.ClientTls;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.crd.v1alpha1.Tls;
import io.holdfast.operator.crd.v1alpha1.TlsStage;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How the members of a cluster secure their connections now: by the stage in the cluster's status, and where the
 * specification says that their certificates are. Certificates are files of a Secret that is mounted as a directory, so
 * that pods see new ones without a restart.
 */
public final class Transport {

    /** Name of the file with what members trust. */
    public static final String AUTHORITIES = "ca.crt";

    /** What the name of a file with a certificate ends with; it begins with the name of its pod. */
    public static final String CERTIFICATE = ".crt";

    /** What the name of a file with a private key ends with. */
    public static final String KEY = ".key";

    private static final String VOLUME = "tls";
    private static final String DIRECTORY = "/etc/holdfast/tls";

    /** The server's user reads, by its group; others do not. */
    private static final int MODE = 0440;

    private final LockCluster cluster;
    private final TlsStage stage;
    private final @Nullable Tls asked;

    /** Takes both from a cluster. */
    public Transport(LockCluster cluster) {
        this.cluster = cluster;
        this.stage = stageOf(cluster);
        this.asked = cluster.getSpec().tls();
    }

    /** Returns the stage at which members are to be in the end. */
    public static TlsStage wanted(LockCluster cluster) {
        Tls tls = cluster.getSpec().tls();
        return tls != null && tls.enabled() ? TlsStage.SECURED : TlsStage.PLAIN;
    }

    /** Returns the stage at which members are to be now: at once at the last one while there is no ensemble. */
    public static TlsStage stageOf(LockCluster cluster) {
        var status = cluster.getStatus();
        if (status == null || status.generation() == null) {
            return wanted(cluster);
        }
        var tls = status.tls();
        return tls == null || tls.stage() == null ? TlsStage.PLAIN : tls.stage();
    }

    /** Returns whether members have certificates now. */
    public boolean isSecured() {
        return stage != TlsStage.PLAIN;
    }

    /** Returns whether members serve clients without TLS. */
    public boolean servesPlain() {
        return stage != TlsStage.SECURED || asked == null || asked.clients() == ClientTls.BOTH;
    }

    /** Returns whether nothing reaches a member unsecured or without an identity. */
    private boolean isClosed() {
        return stage == TlsStage.SECURED && !servesPlain() && cluster.getSpec().auth() != null;
    }

    /** Returns the name of the Secret with the certificates of the voters, or of the observers. */
    public String secret(boolean voters) {
        Tls tls = asked;
        if (tls == null || tls.secrets() == null) {
            Names names = new Names(cluster);
            return voters ? names.votersTls() : names.observersTls();
        }
        if (voters) {
            return tls.secrets().voters();
        }
        String observers = tls.secrets().observers();
        if (observers == null) {
            throw new SpecRefusedException(
                    "spec.tls.secrets.observers", "give the Secret with the certificates of the observers");
        }
        return observers;
    }

    /**
     * Returns the settings of a member.
     *
     * @param pod its name, or the variable that has it
     */
    Map<String, String> settings(String pod) {
        var settings = new TreeMap<String, String>();
        if (!isClosed()) {
            // The address of a pod is not loopback: without this a server that is not closed does not start there.
            settings.put("HOLDFAST_INSECURE", "true");
        }
        if (!isSecured()) {
            return settings;
        }
        String certificate = DIRECTORY + "/" + pod + CERTIFICATE;
        String key = DIRECTORY + "/" + pod + KEY;
        settings.put("HOLDFAST_PEER_TLS_MODE", stage == TlsStage.BRIDGE ? "mixed" : "required");
        settings.put("HOLDFAST_PEER_TLS_CERTIFICATE", certificate);
        settings.put("HOLDFAST_PEER_TLS_KEY", key);
        settings.put("HOLDFAST_PEER_TLS_CA", DIRECTORY + "/" + AUTHORITIES);
        settings.put("HOLDFAST_TLS_MODE", servesPlain() ? "both" : "required");
        settings.put("HOLDFAST_TLS_CERTIFICATE", certificate);
        settings.put("HOLDFAST_TLS_KEY", key);
        settings.put("QUARKUS_HTTP_SSL_PORT", Integer.toString(Names.HTTPS_PORT));
        settings.put("HOLDFAST_MANAGEMENT_PORT", Integer.toString(Names.MANAGEMENT_PORT));
        settings.put("HOLDFAST_MANAGEMENT_HOST", "$(HOLDFAST_PEER_HOST)");
        return settings;
    }

    /** Returns the volume with the certificates of one voter, and no others. */
    List<Volume> volumeOf(String pod) {
        return volumes(
                true,
                List.of(
                        new KeyToPath(AUTHORITIES, null, AUTHORITIES),
                        new KeyToPath(pod + CERTIFICATE, null, pod + CERTIFICATE),
                        new KeyToPath(pod + KEY, null, pod + KEY)));
    }

    /** Returns the volume with the certificates of all observers: their pods have one template. */
    List<Volume> volumeOfObservers() {
        return volumes(false, List.of());
    }

    private List<Volume> volumes(boolean voters, List<KeyToPath> items) {
        if (!isSecured()) {
            return List.of();
        }
        if (asked == null) {
            throw new SpecRefusedException(
                    "spec.tls",
                    "it is gone while members secure their connections: put it back with enabled: false, and remove it "
                            + "when status.tls.stage is Plain");
        }
        return List.of(new VolumeBuilder()
                .withName(VOLUME)
                .withNewSecret()
                .withSecretName(secret(voters))
                .withDefaultMode(MODE)
                .withItems(items)
                .endSecret()
                .build());
    }

    List<VolumeMount> mounts() {
        return isSecured()
                ? List.of(new VolumeMountBuilder()
                        .withName(VOLUME)
                        .withMountPath(DIRECTORY)
                        .withReadOnly(true)
                        .build())
                : List.of();
    }

    /** Returns the port of probes and metrics. */
    int managementPort() {
        return isSecured() ? Names.MANAGEMENT_PORT : Names.HTTP_PORT;
    }

    /** Returns the ports of clients, by name. */
    Map<String, Integer> clientPorts() {
        var ports = new TreeMap<String, Integer>();
        if (servesPlain()) {
            ports.put("http", Names.HTTP_PORT);
        }
        if (isSecured()) {
            ports.put(Names.HTTPS, Names.HTTPS_PORT);
        }
        return ports;
    }

    /** Returns the URL at which clients of the same Kubernetes cluster reach a pod. */
    String url(String pod) {
        String host = new Names(cluster).host(pod);
        return isSecured() && !servesPlain()
                ? "https://" + host + ":" + Names.HTTPS_PORT
                : "http://" + host + ":" + Names.HTTP_PORT;
    }
}
