package io.holdfast.bench;

import io.holdfast.ensemble.Authority;
import io.holdfast.ensemble.Blueprint;
import io.holdfast.ensemble.FreePorts;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Makes ensembles that differ in what is secured and in nothing else.
 *
 * @param authority of all certificates
 * @param server the packaged server
 * @param work where the nodes keep their data
 */
record Secured(Vertx vertx, Authority authority, Path server, Path work) {

    private static final String CLUSTER = "holdfast";

    /** Makes one of which no node runs yet. */
    Holdfast make(String name, boolean clients, boolean peers) throws IOException {
        var directory = work.resolve(name);
        var files = directory.resolve("certificates");
        Authority.put(files.resolve("ca.crt"), authority.pem());
        for (var id = 1; id <= LockSystem.NODES; id++) {
            authority.member(CLUSTER, id).write(files, "member-" + id);
        }
        authority.certificate().ip("127.0.0.1").forServers().issue().write(files, "server");
        var blueprint = Blueprint.of(server, directory, LockSystem.NODES);
        if (peers) {
            blueprint = blueprint
                    .with("holdfast.peer.tls.mode", "required")
                    .with("holdfast.peer.tls.certificate", files + "/member-${holdfast.node-id}.crt")
                    .with("holdfast.peer.tls.key", files + "/member-${holdfast.node-id}.key")
                    .with("holdfast.peer.tls.ca", files + "/ca.crt");
        }
        if (!clients) {
            return new Holdfast(vertx, plain(), blueprint);
        }
        var ports = FreePorts.find(LockSystem.NODES);
        for (var id = 1; id <= LockSystem.NODES; id++) {
            blueprint = blueprint.with("port." + id, String.valueOf(ports.get(id - 1)));
        }
        blueprint = blueprint
                .with("quarkus.http.ssl-port", "${port.${holdfast.node-id}}")
                .with("holdfast.tls.mode", "both")
                .with("holdfast.tls.certificate", files + "/server.crt")
                .with("holdfast.tls.key", files + "/server.key")
                .with("holdfast.tls.client-ca", files + "/ca.crt")
                .with("holdfast.tls.client-certificates", "optional");
        return new Holdfast(vertx, new Holdfast.Entry(secure(), ports, ""), blueprint);
    }

    NetClient plain() {
        return vertx.createNetClient(new NetClientOptions().setTcpNoDelay(true));
    }

    /** Connections with a certificate of the client. */
    NetClient secure() {
        var issued = authority
                .certificate()
                .uri("holdfast://bench/client")
                .forClients()
                .issue();
        return vertx.createNetClient(new NetClientOptions()
                .setTcpNoDelay(true)
                .setSsl(true)
                .setHostnameVerificationAlgorithm("HTTPS")
                .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(authority.pem())))
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertValue(Buffer.buffer(issued.certificatePem()))
                        .setKeyValue(Buffer.buffer(issued.keyPem()))));
    }
}
