package io.holdfast.server.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.ensemble.Authority;
import io.holdfast.server.config.BadConfiguration;
import io.holdfast.server.config.HoldfastConfig;
import io.holdfast.zab.net.PeerTls;
import io.holdfast.zab.tls.TlsFiles;
import io.holdfast.zab.tls.TlsMaterial;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node does with the files of its settings: at its start, and when they change. */
class NodeTlsTest {

    private static final Authority AUTHORITY = new Authority("members");

    private final Vertx vertx = Vertx.vertx();
    private final Map<String, String> values = new HashMap<>();
    private final List<NodeTls> started = new ArrayList<>();

    @TempDir
    private Path directory;

    @BeforeEach
    void writeFiles() throws IOException {
        AUTHORITY.member("orders", 2).write(directory, "own");
        Authority.put(directory.resolve("ca"), AUTHORITY.pem());
        values.putAll(Map.of(
                "holdfast.cluster-id", "orders",
                "holdfast.node-id", "2",
                "holdfast.members", "1@one.example.com:7101,2@two.example.com:7101",
                "holdfast.peer.tls.mode", "required",
                "holdfast.peer.tls.certificate", directory.resolve("own.crt").toString(),
                "holdfast.peer.tls.key", directory.resolve("own.key").toString(),
                "holdfast.peer.tls.ca", directory.resolve("ca").toString()));
    }

    @AfterEach
    void closeVertx() {
        vertx.close();
        started.forEach(NodeTls::stop);
    }

    private NodeTls node() {
        NodeTls node = new NodeTls(
                vertx,
                new SmallRyeConfigBuilder()
                        .withConverter(Duration.class, 200, new DurationConverter())
                        .withConverter(MemorySize.class, 200, new MemorySizeConverter())
                        .withDefaultValues(values)
                        .withMapping(HoldfastConfig.class)
                        .build()
                        .getConfigMapping(HoldfastConfig.class));
        started.add(node);
        return node;
    }

    private void refused(String key, String because) {
        NodeTls node = node();
        String message = assertThrows(BadConfiguration.class, node::start).getMessage();
        assertTrue(message.startsWith(key + ": ") && message.contains(because), message);
        assertEquals(1, message.lines().count(), message);
    }

    @Test
    void aNodeUsesTheFilesOfItsSettings() {
        NodeTls node = node();
        assertEquals(PeerTls.Mode.OFF, node.peers().mode());
        node.start();
        assertEquals(PeerTls.Mode.REQUIRED, node.peers().mode());
        assertEquals(List.of(), node.warnings());
        assertTrue(node.uses().get(0).secondsLeft() > Duration.ofDays(80).toSeconds());
    }

    @Test
    void withoutTlsNoFileIsNeeded() {
        values.keySet().removeIf(key -> key.startsWith("holdfast.peer.tls"));
        NodeTls node = node();
        node.start();
        assertEquals(PeerTls.Mode.OFF, node.peers().mode());
        assertEquals(List.of(), node.uses());
    }

    @Test
    void aSettingThatIsMissingOrWrongIsNamed() throws IOException {
        values.remove("holdfast.peer.tls.key");
        refused("holdfast.peer.tls.key", "is needed when holdfast.peer.tls.mode is required");
        values.put("holdfast.peer.tls.key", directory.resolve("other.key").toString());
        refused("holdfast.peer.tls.key", "other.key does not exist");
        AUTHORITY.member("orders", 3).write(directory, "other");
        refused("holdfast.peer.tls.key", "is not the key of the certificate");
    }

    @Test
    void aCertificateThatTheOthersWouldRefuseIsRefusedAtTheStart() throws IOException {
        AUTHORITY.member("orders", 3).write(directory, "own");
        refused("holdfast.peer.tls.certificate", "not of holdfast://orders/member/2");
        AUTHORITY.certificate().dns("one.example.com").issue().write(directory, "own");
        refused("holdfast.peer.tls.certificate", "nor the host two.example.com");
        AUTHORITY
                .certificate()
                .uri("holdfast://orders/member/2")
                .forServers()
                .issue()
                .write(directory, "own");
        refused("holdfast.peer.tls.certificate", "key usages");
        values.put("holdfast.peer.tls.shared-certificate", "true");
        AUTHORITY.certificate().dns("any").issue().write(directory, "own");
        node().start();
    }

    @Test
    void aCertificateThatEndsSoonIsWarnedOf() throws IOException {
        Instant now = Instant.now();
        AUTHORITY
                .certificate()
                .uri("holdfast://orders/member/2")
                .valid(now.minusSeconds(60), now.plus(Duration.ofDays(6)))
                .issue()
                .write(directory, "own");
        NodeTls node = node();
        node.start();
        assertEquals(1, node.warnings().size());
        assertTrue(node.warnings().get(0).startsWith("the certificate for peers of node 2 ends in 143 h"));
    }

    @Test
    void filesThatCannotBeUsedChangeNothing() throws Exception {
        WatchedFiles files = new WatchedFiles("peers", "holdfast.peer.tls.", "ca", material -> {});
        TlsFiles named =
                new TlsFiles(directory.resolve("own.crt"), directory.resolve("own.key"), directory.resolve("ca"), null);
        files.begin(vertx, named);
        List<TlsMaterial> seen = new ArrayList<>();
        files.look(vertx, seen::add);
        assertEquals(List.of(), seen, "nothing changed");
        double left = files.secondsLeft();
        Files.delete(directory.resolve("own.key"));
        files.look(vertx, seen::add);
        files.look(vertx, seen::add);
        Authority.put(directory.resolve("own.crt"), "nothing");
        files.look(vertx, seen::add);
        assertEquals(List.of(), seen);
        assertEquals(3, files.failures());
        assertTrue(Math.abs(files.secondsLeft() - left) < 3_600);
        Authority.Issued newer = AUTHORITY.member("orders", 2);
        newer.write(directory, "own");
        files.look(vertx, seen::add);
        assertEquals(newer.certificate(), seen.get(0).certificate());
        files.look(vertx, seen::add);
        assertEquals(1, seen.size());
    }
}
