package io.holdfast.server.config;

import io.holdfast.zab.net.PeerTls;
import io.netty.util.NetUtil;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Which addresses this node may listen on: loopback ones only, unless its settings reject callers without an identity,
 * or make it insecure explicitly.
 */
public final class Exposure {

    /** The setting of the address of clients' port. */
    public static final String HTTP_HOST = "quarkus.http.host";

    private static final Logger LOG = Logger.getLogger("io.holdfast.node");

    /** The setting that allows a node to listen anywhere without being secured. */
    static final String INSECURE = "holdfast.insecure";

    private Exposure() {}

    /**
     * Rejects settings under which this node would serve callers without an identity, and warns when that is intended.
     *
     * @param http address of the port for clients
     * @param peer address of the port for other members
     * @throws BadConfiguration naming the setting of an address that is not a loopback one, and what is missing
     */
    public static void check(HoldfastConfig config, String http, String peer) {
        List<String> missing = missing(config);
        if (missing.isEmpty()) {
            if (config.insecure()) {
                LOG.warnf("%s is true, and this node is secured without it: remove the setting", INSECURE);
            }
        } else if (config.insecure()) {
            LOG.warnf(
                    "%s is true: each process that reaches this node at %s or %s may do anything, since %s",
                    INSECURE, http, peer, String.join("; ", missing));
        } else {
            refuse(HTTP_HOST, http, missing);
            refuse("holdfast.peer.host", peer, missing);
        }
    }

    private static void refuse(String key, String host, List<String> missing) {
        if (!isLoopback(host)) {
            throw new BadConfiguration(
                    key,
                    "'" + host + "' can be reached from other machines, and this node is not secured: "
                            + String.join("; ", missing) + ". docs/security.md shows how to secure it. Otherwise"
                            + " listen on 127.0.0.1, or set " + INSECURE
                            + "=true: then each process that reaches the node may do anything");
        }
    }

    /**
     * Returns whether the settings leave no port that serves a caller without an identity, independent of the rules.
     */
    public static boolean isSecured(HoldfastConfig config) {
        return missing(config).isEmpty();
    }

    /** Returns what the settings lack, each as a clause of a sentence; empty when nothing. */
    public static List<String> missing(HoldfastConfig config) {
        List<String> missing = new ArrayList<>();
        if (config.tls().mode() != TlsConfig.Mode.REQUIRED) {
            missing.add("holdfast.tls.mode is not required");
        }
        if (!provesClients(config)) {
            missing.add("clients have no way to prove an identity (holdfast.tls.client-certificates,"
                    + " holdfast.auth.issuers, holdfast.auth.kubernetes.enabled or"
                    + " holdfast.auth.bootstrap-key-hash)");
        }
        if (config.peer().tls().mode() != PeerTls.Mode.REQUIRED) {
            missing.add("holdfast.peer.tls.mode is not required");
        }
        return missing;
    }

    private static boolean provesClients(HoldfastConfig config) {
        AuthConfig auth = config.auth();
        return config.tls().clientCertificates() != TlsConfig.ClientCertificates.NONE
                || !auth.issuers().isEmpty()
                || auth.kubernetes().enabled()
                || auth.bootstrapKeyHash().isPresent();
    }

    /** Returns whether only processes of this machine reach an address; a name is one when it is {@code localhost}. */
    public static boolean isLoopback(String host) {
        byte[] address = NetUtil.createByteArrayFromIpAddressString(host);
        if (address == null) {
            return host.equalsIgnoreCase("localhost");
        }
        return address.length == 4 ? address[0] == 127 : host.equals("::1") || host.equals("[::1]");
    }
}
