package io.holdfast.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.zab.core.MemberInfo;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.ZabConfig;
import io.holdfast.zab.node.NodeConfig;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodeSettingsTest {

    private static NodeConfig settings(Map<String, String> values) {
        return NodeSettings.of(config(values));
    }

    private static HoldfastConfig config(Map<String, String> values) {
        return new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withConverter(MemorySize.class, 200, new MemorySizeConverter())
                .withDefaultValues(values)
                .withMapping(HoldfastConfig.class)
                .build()
                .getConfigMapping(HoldfastConfig.class);
    }

    private static void assertRefused(String key, Map<String, String> values) {
        BadConfiguration refused = assertThrows(BadConfiguration.class, () -> settings(values));
        assertTrue(refused.getMessage().startsWith(key + ": "), refused.getMessage());
    }

    @Test
    void aNodeWithoutAnySettingFoundsNothing() {
        assertFalse(settings(Map.of()).mayFound());
        assertFalse(settings(Map.of("holdfast.join", "10.0.0.1:7101")).mayFound());
        assertTrue(settings(Map.of("holdfast.members", "1@10.0.0.1:7101")).mayFound());
        assertRefused(
                "holdfast.single-node", Map.of("holdfast.single-node", "true", "holdfast.members", "1@10.0.0.1:7101"));
        assertRefused("holdfast.single-node", Map.of("holdfast.single-node", "true", "holdfast.join", "10.0.0.1:7101"));
    }

    @Test
    void aNodeOfAGenerationAsksTheMembersThatItListsAndFoundsNone() {
        NodeConfig node = settings(
                Map.of("holdfast.generation", "1795276800123", "holdfast.members", "1@10.0.0.1:7101,2@10.0.0.2:7102"));
        assertFalse(node.mayFound());
        assertEquals(1_795_276_800_123L, node.generation());
        assertEquals(List.of(new NodeConfig.Seed("10.0.0.2", 7102)), node.join());
        assertEquals("10.0.0.1", node.listenHost());
        assertFalse(settings(Map.of("holdfast.generation", "5", "holdfast.single-node", "true"))
                .mayFound());
        NodeConfig joins = settings(Map.of("holdfast.generation", "5", "holdfast.join", "10.0.0.9:7101"));
        assertEquals(List.of(new NodeConfig.Seed("10.0.0.9", 7101)), joins.join());
        assertRefused(
                "holdfast.join",
                Map.of(
                        "holdfast.generation",
                        "5",
                        "holdfast.join",
                        "10.0.0.9:7101",
                        "holdfast.members",
                        "1@10.0.0.1:7101"));
    }

    @Test
    void aSingleNodeIsAnEnsembleOfOneOnTheLoopback() {
        NodeConfig node = settings(Map.of("holdfast.single-node", "true"));

        assertTrue(node.mayFound());
        assertEquals(1, node.bootstrap().members().size());
        assertEquals("127.0.0.1", node.listenHost());
        assertEquals(7101, node.listenPort());
        assertEquals(ZabConfig.DEFAULTS, node.zab(), "the documented defaults are those of the protocol");
    }

    @Test
    void whereClientsReachANodeIsTheRootOfAUrl() {
        assertNull(settings(Map.of()).zab().info().clientUrl());
        for (String url : List.of(
                "http://10.0.0.1:7100", "https://node-1.example.com", "http://[fd00::1]:7100", "https://[::1]")) {
            NodeConfig node = NodeSettings.of(config(Map.of("holdfast.http.advertised", url)), "0.1.0");
            assertEquals(new MemberInfo(url, "0.1.0"), node.zab().info());
        }
        for (String url : List.of(
                "10.0.0.1:7100",
                "ftp://10.0.0.1:7100",
                "http://10.0.0.1:7100/",
                "http://10.0.0.1:7100/v1",
                "http://10.0.0.1:0",
                "http://10.0.0.1:",
                "http://10.0.0.1:seven",
                "http://10.0.0.1:65536",
                "http://me@10.0.0.1:7100",
                "http://10.0.0.1:7100?a",
                "http://[10.0.0.1]:7100",
                "http://a b:7100",
                "http://n\u00f6de:7100",
                "http://:7100",
                "http://" + "a".repeat(254) + ":7100")) {
            assertRefused("holdfast.http.advertised", Map.of("holdfast.http.advertised", url));
        }
    }

    @Test
    void aMemberListensWhereTheOthersLookForIt() {
        NodeConfig node =
                settings(Map.of("holdfast.node-id", "2", "holdfast.members", "1@10.0.0.1:7101,2@10.0.0.2:7102"));

        assertEquals(new ServerId(2), node.self());
        assertEquals("10.0.0.2", node.listenHost());
        assertEquals(7102, node.listenPort());
    }

    @Test
    void aMemberWithANameListensEverywhereSinceItsNameMayNotResolveYet() {
        assertEquals(
                "0.0.0.0",
                settings(Map.of("holdfast.members", "1@node-1.holdfast.svc:7101"))
                        .listenHost());
        assertEquals(
                "127.0.0.1",
                settings(Map.of("holdfast.members", "1@localhost:7101")).listenHost());
        assertEquals("::1", settings(Map.of("holdfast.members", "1@[::1]:7101")).listenHost());
    }

    @Test
    void boundsThatDoNotFitIntoTheHeapAreRefusedWithEachShare() {
        // What the JVM says of -Xmx256m, which is what ./holdfast up gives a node.
        long heap = 247L << 20;
        NodeSettings.checkHeap(config(Map.of()), heap);
        BadConfiguration refused = assertThrows(
                BadConfiguration.class,
                () -> NodeSettings.checkHeap(config(Map.of("holdfast.limits.state-bytes", "80M")), heap));
        assertTrue(refused.getMessage().contains("160 MiB for twice holdfast.limits.state-bytes"), refused.toString());
        assertThrows(BadConfiguration.class, () -> NodeSettings.checkHeap(config(Map.of()), 128L << 20));
    }

    @Test
    void aNodeThatJoinsKnowsAddressesAndNoMembers() {
        NodeConfig node = settings(Map.of(
                "holdfast.node-id",
                "9",
                "holdfast.join",
                "10.0.0.1:7101,[::1]:7102",
                "holdfast.peer.host",
                "10.0.0.9"));

        assertEquals(List.of(new NodeConfig.Seed("10.0.0.1", 7101), new NodeConfig.Seed("::1", 7102)), node.join());
        assertEquals("10.0.0.9", node.listenHost());
        assertEquals(
                "0.0.0.0", settings(Map.of("holdfast.join", "10.0.0.1:7101")).listenHost());
        assertEquals(
                "127.0.0.1",
                settings(Map.of("holdfast.join", "127.0.0.1:7101,localhost:7102"))
                        .listenHost());
        assertEquals("::1", settings(Map.of("holdfast.join", "[::1]:7101")).listenHost());
        assertEquals(
                "0.0.0.0",
                settings(Map.of("holdfast.join", "127.0.0.1:7101,10.0.0.1:7101"))
                        .listenHost());
        assertRefused("holdfast.join", Map.of("holdfast.join", "10.0.0.1"));
        assertRefused("holdfast.join", Map.of("holdfast.join", "10.0.0.1:0"));
        assertRefused("holdfast.join", Map.of("holdfast.join", "10.0.0.1:7101", "holdfast.members", "1@10.0.0.1:7101"));
        assertRefused("holdfast.peer.port", Map.of("holdfast.join", "10.0.0.1:7101", "holdfast.peer.port", "0"));
    }

    @Test
    void anyFreePortIsForAnEnsembleOfOne() {
        assertEquals(0, settings(Map.of("holdfast.peer.port", "0")).listenPort());
        assertRefused("holdfast.peer.port", Map.of("holdfast.peer.port", "0", "holdfast.members", "1@a:7101,2@b:7101"));
    }

    @Test
    void aSettingThatCannotBeIsRefusedByItsName() {
        assertRefused("holdfast.node-id", Map.of("holdfast.node-id", "9", "holdfast.members", "1@a:7101"));
        assertRefused("holdfast.session.ttl-default", Map.of("holdfast.session.ttl-default", "1s"));
        assertRefused("holdfast.session.ttl-default", Map.of("holdfast.session.ttl-max", "5s"));
        assertRefused("holdfast.zab.sync-limit", Map.of("holdfast.zab.sync-limit", "200ms"));
        assertRefused("holdfast.zab.reach", Map.of("holdfast.zab.hello", "1s"));
    }
}
