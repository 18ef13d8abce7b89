package io.holdfast.nodes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.ensemble.Authority;
import io.holdfast.ensemble.Eventually;
import io.holdfast.ensemble.FreePorts;
import io.holdfast.ensemble.history.History;
import io.holdfast.ensemble.history.HistoryCheck;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Nodes that are secured while clients use them: one ensemble through all of it, since a node takes seconds to start.
 */
class TlsIT {

    private static final Duration BOUND = Duration.ofMinutes(3);
    private static final int LOCKS = 2;
    private static final String CLUSTER = "holdfast";

    /** Which read a file of settings that can be changed between two starts. */
    @RegisterExtension
    final Nodes nodes = new Nodes(
            3,
            blueprint -> Nodes.patient(blueprint)
                    .with("holdfast.http.advertised", "${advertised}")
                    .with(
                            "smallrye.config.locations",
                            settings(blueprint.directory()).toString()));

    private final Authority authority = new Authority("members");
    private final Authority next = new Authority("members from now on");
    private final History history = new History();
    private final Authority.Issued[] first = new Authority.Issued[4];
    private List<Integer> ports;
    private SteadyLoad load;
    private RulesUnderLoad rules;

    private static Path settings(Path directory) {
        return directory.resolve("node.properties");
    }

    private Path directory() {
        return nodes.ensemble().dataDirectory(1).getParent();
    }

    /** What every node that starts from now on reads. */
    private void mode(String mode, String clients) throws IOException {
        Files.createDirectories(directory());
        Files.writeString(settings(directory()), """
                holdfast.tls.reload=200ms
                holdfast.peer.tls.mode=%1$s
                holdfast.peer.tls.certificate=%2$s/member-${holdfast.node-id}.crt
                holdfast.peer.tls.key=%2$s/member-${holdfast.node-id}.key
                holdfast.peer.tls.ca=%2$s/ca.crt
                holdfast.peer.tls.crl=%2$s/revoked.crl
                holdfast.tls.mode=%3$s
                holdfast.tls.certificate=%2$s/server.crt
                holdfast.tls.key=%2$s/server.key
                holdfast.tls.client-ca=%2$s/ca.crt
                holdfast.tls.client-certificates=required
                holdfast.auth.administrators=%7$s
                advertised=%8$s
                quarkus.http.ssl-port=${port.${holdfast.node-id}}
                port.1=%4$d
                port.2=%5$d
                port.3=%6$d
                """.formatted(
                        mode,
                        directory(),
                        clients,
                        ports.get(0),
                        ports.get(1),
                        ports.get(2),
                        // A new ensemble with an administrator would begin with rules that are enforced.
                        clients.equals("required") ? "cert:operator" : "",
                        clients.equals("required")
                                ? "https://127.0.0.1:${quarkus.http.ssl-port}"
                                : "http://127.0.0.1:${quarkus.http.port}"));
    }

    @Test
    void anEnsembleIsSecuredAndGetsRulesAndAnotherAuthorityWithoutAFailedRequest() throws Exception {
        var ensemble = nodes.ensemble();
        ports = FreePorts.find(3);
        mode("off", "off");
        Authority.put(directory().resolve("ca.crt"), authority.pem());
        Authority.put(directory().resolve("revoked.crl"), authority.revoking());
        for (var id = 1; id <= 3; id++) {
            first[id] = authority.member(CLUSTER, id);
            first[id].write(directory(), "member-" + id);
        }
        server(authority).write(directory(), "server");
        ensemble.start();
        try (var plain = new SteadyLoad(ensemble, history, LOCKS, clientOf(authority, "billing"))) {
            load = plain;
            Eventually.await("plain links are counted", BOUND, () -> links(1, false) > 0);
            restartAll("mixed", "both");
            Eventually.await("no plain link is left", BOUND, () -> allSecured());
            clientsNeedACertificate();
            // Sessions belong to the caller that opened them, and until now none had to say who it is.
            load.stop();
            ensemble.serveAt(this::secured, clientOf(authority, "operator"));
            goOnWith(authority);
            restartAll("required", "required");
            Eventually.await("all links are secured", BOUND, () -> allSecured());
            clientsNeedACertificate();
            rules = new RulesUnderLoad(ensemble, clientOf(authority, "operator"));
            rules.enforce("cert:billing", () -> progress("under other rules"));
            anotherAuthorityIssues();
            aFileThatCannotBeUsedChangesNothing();
            linksWithARevokedCertificateEnd(ensemble.follower());
            theFirstAuthorityIsTrustedNoMore();
            load.stop();
        } finally {
            load.close();
        }
        rules.whatWasRevokedTakesNoEffectAtANodeThatLags(clientOf(next, "billing"));
        assertEquals("", String.join("\n", HistoryCheck.violations(history)));
    }

    private URI secured(int id) {
        return URI.create("https://127.0.0.1:" + ports.get(id - 1));
    }

    /** Connections of a client that trusts both authorities and has a certificate of one. */
    private HttpClient clientOf(Authority issuer, String name) {
        var shown = issuer.certificate().dns(name).forClients().issue();
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(2))
                .sslContext(authority.client(shown, next))
                .build();
    }

    /** Other clients begin before those so far end. */
    private void goOnWith(Authority issuer) throws Exception {
        var before = load;
        load = new SteadyLoad(nodes.ensemble(), history, LOCKS, clientOf(issuer, "billing"));
        progress("with new clients");
        before.stop();
    }

    /** The leader last, which hands over when it is told to end. */
    private void restartAll(String mode, String clients) throws Exception {
        var ensemble = nodes.ensemble();
        mode(mode, clients);
        var leader = ensemble.awaitLeader();
        var order = IntStream.concat(IntStream.of(1, 2, 3).filter(id -> id != leader), IntStream.of(leader));
        for (var id : order.boxed().toList()) {
            progress("before node " + id + " is restarted with " + mode);
            ensemble.node(id).stop();
            ensemble.node(id).start();
            ensemble.awaitReady();
        }
    }

    private static Authority.Issued server(Authority issuer) {
        return issuer.certificate().ip("127.0.0.1").forServers().issue();
    }

    private void clientsNeedACertificate() throws Exception {
        for (var id = 1; id <= 3; id++) {
            assertEquals(200, ask(id, authority, "operator"));
            var node = id;
            assertThrows(IOException.class, () -> status(node, authority.client(null)));
        }
    }

    private int ask(int id, Authority issuer, String name) throws Exception {
        var shown = issuer.certificate().dns(name).forClients().issue();
        return status(id, authority.client(shown, next));
    }

    private int status(int id, SSLContext context) throws Exception {
        var request = HttpRequest.newBuilder(secured(id).resolve("/v1/cluster"));
        return HttpClient.newBuilder()
                .sslContext(context)
                .build()
                .send(request.timeout(BOUND).build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    /** As the page says: it is trusted first, and issues everything anew then. */
    private void anotherAuthorityIssues() throws Exception {
        afterReload(() -> Authority.put(directory().resolve("ca.crt"), authority.pem() + next.pem()));
        progress("with two authorities");
        afterReload(() -> {
            server(next).write(directory(), "server");
            for (var id = 1; id <= 3; id++) {
                next.member(CLUSTER, id).write(directory(), "member-" + id);
            }
        });
        goOnWith(next);
        nodes.ensemble().serveAt(this::secured, clientOf(next, "operator"));
        rules.ask(clientOf(next, "operator"));
    }

    private void theFirstAuthorityIsTrustedNoMore() throws Exception {
        // A list of an authority that is not trusted would be refused.
        afterReload(() -> {
            Authority.put(directory().resolve("revoked.crl"), next.revoking());
            Authority.put(directory().resolve("ca.crt"), next.pem());
        });
        progress("without the first authority");
        for (var id = 1; id <= 3; id++) {
            var node = id;
            assertThrows(IOException.class, () -> ask(node, authority, "billing"));
        }
        Eventually.await("all links are secured", BOUND, () -> allSecured());
    }

    private interface Change {
        void make() throws Exception;
    }

    /** Changes files, and waits until each node uses them for both its ports. */
    private void afterReload(Change change) throws Exception {
        var before = IntStream.rangeClosed(1, 3).mapToObj(this::fingerprints).toList();
        change.make();
        Eventually.await(
                "all nodes use the new files",
                BOUND,
                () -> IntStream.rangeClosed(1, 3).allMatch(id -> fingerprints(id) >= before.get(id - 1) + 2));
    }

    /** How often a node has taken over other files. */
    private long fingerprints(int id) {
        try {
            return nodes.ensemble()
                    .node(id)
                    .log()
                    .lines()
                    .filter(line -> line.contains("new certificate files for "))
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void aFileThatCannotBeUsedChangesNothing() throws Exception {
        var key = directory().resolve("member-1.key");
        var good = Files.readString(key);
        Authority.put(key, "nothing");
        Eventually.await("the file is counted", BOUND, () -> meter(1, "holdfast_tls_reload_failures_total") > 0);
        says(
                1,
                "the certificate files for peers cannot be used, and those read before stay in use:"
                        + " holdfast.peer.tls.key: ");
        assertTrue(meter(1, "holdfast_tls_expiry_seconds") > Duration.ofDays(80).toSeconds());
        Authority.put(key, good);
        progress("with a file that could not be used");
    }

    /** Links that began with it end, one after the other, and come back with the one in use. */
    private void linksWithARevokedCertificateEnd(int id) throws Exception {
        Authority.put(directory().resolve("revoked.crl"), authority.revoking(first[id]));
        // Which end sees the list first ends the link; the other one is told nothing more.
        Eventually.await(
                "a link with the certificate ends",
                BOUND,
                () -> IntStream.of(1, 2, 3).anyMatch(node -> said(node, " lost its link with ", "is revoked")));
        progress("with a certificate revoked");
        Eventually.await("all links are secured", BOUND, () -> allSecured());
    }

    private boolean allSecured() {
        return IntStream.of(1, 2, 3).allMatch(id -> links(id, false) == 0 && links(id, true) > 0);
    }

    private double links(int id, boolean secured) {
        return meter(id, "holdfast_peer_links{tls=\"" + secured + "\"}");
    }

    /** The value of a meter; -1 when it is not there. */
    private double meter(int id, String name) {
        return nodes.ensemble()
                .get(id, "/q/metrics")
                .lines()
                .filter(line -> line.startsWith(name))
                .map(line -> Double.valueOf(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElse(-1.0);
    }

    private void says(int id, String text) throws Exception {
        Eventually.await("node " + id + " says: " + text, BOUND, () -> said(id, text, ""));
    }

    private boolean said(int id, String text, String more) {
        try {
            return nodes.ensemble().node(id).log().lines().anyMatch(line -> line.contains(text) && line.contains(more));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void progress(String when) throws Exception {
        var before = history.size();
        Eventually.await("the load goes on " + when, BOUND, () -> {
            load.throwFailure();
            return history.size() >= before + 4 * LOCKS;
        });
    }
}
