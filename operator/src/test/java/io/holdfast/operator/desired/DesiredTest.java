package io.holdfast.operator.desired;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.holdfast.operator.backup.Restores;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DesiredTest {

    private static String hash(StatefulSet set) {
        var hash = set.getMetadata().getAnnotations().get(Labels.TEMPLATE);
        assertEquals(
                hash, set.getSpec().getTemplate().getMetadata().getAnnotations().get(Labels.TEMPLATE));
        return hash;
    }

    private static Map<String, EnvVar> environment(StatefulSet set) {
        return set.getSpec().getTemplate().getSpec().getContainers().get(0).getEnv().stream()
                .collect(Collectors.toMap(EnvVar::getName, variable -> variable));
    }

    @Test
    void membersHaveTheAddressesOfTheirPods() {
        var names = new Names(Clusters.cluster("{image: i}"));
        assertEquals("orders-voter-3-0.orders-peers.shop.svc:7101", names.address(3));
        assertEquals("readers-10001.orders-peers.shop.svc:7101", names.address("readers", 10001));
        assertEquals("shop.orders", names.clusterId());
    }

    @Test
    void anIdThatNamespaceAndNameMakeTooLongIsRefused() {
        var cluster = Clusters.cluster("{image: i}");
        cluster.getMetadata().setNamespace("n".repeat(60));
        var refused = assertThrows(SpecRefusedException.class, () -> new Names(cluster));
        assertTrue(refused.getMessage().endsWith("make the cluster again with spec.clusterId"), refused.getMessage());
    }

    @Test
    void theHashOfATemplateChangesWithWhatAPodIsMadeOfAndWithNothingElse() {
        var plain = hash(VoterSet.of(Clusters.cluster("{image: i}"), 2));
        assertEquals(plain, hash(VoterSet.of(Clusters.cluster("{voters: 5, image: i}"), 2)));
        assertEquals(plain, hash(VoterSet.of(Clusters.cluster("{image: i, storage: {size: 7Gi}}"), 2)));
        assertEquals(plain, hash(VoterSet.of(Clusters.founded("{image: i}"), 2)));
        assertNotEquals(plain, hash(VoterSet.of(Clusters.cluster("{image: j}"), 2)));
        assertNotEquals(plain, hash(VoterSet.of(Clusters.cluster("{image: i}"), 3)));
        assertNotEquals(plain, hash(VoterSet.of(Clusters.cluster("{image: i, session: {ttlMax: 2m}}"), 2)));
        var restarted = Clusters.cluster("{image: i}");
        restarted.getMetadata().setAnnotations(Map.of(Labels.RESTART, "monday", Labels.PAUSED, "true"));
        var set = VoterSet.of(restarted, 2);
        assertNotEquals(plain, hash(set));
        assertEquals(
                "monday",
                set.getSpec().getTemplate().getMetadata().getAnnotations().get(Labels.RESTART));
        assertNull(set.getSpec().getTemplate().getMetadata().getAnnotations().get(Labels.PAUSED));
    }

    @Test
    void aTextOfTheSpecificationIsNoReferenceToAnotherVariable() {
        var cluster = Clusters.cluster("{image: i, config: {holdfast.http.slow: $(HOLDFAST_NODE_ID)s}}");
        assertEquals(
                "$$(HOLDFAST_NODE_ID)s",
                environment(VoterSet.of(cluster, 2)).get("HOLDFAST_HTTP_SLOW").getValue());
    }

    @Test
    void observersTakeTheirIdsFromTheirPods() {
        var cluster = Clusters.cluster("{image: i}");
        var set = ObserverSet.of(cluster, Clusters.observers("{clusterRef: orders, replicas: 9}"), 11001, 2);
        assertEquals(2, set.getSpec().getReplicas());
        assertEquals(11001, set.getSpec().getOrdinals().getStart());
        var environment = environment(set);
        assertEquals(
                "metadata.labels['apps.kubernetes.io/pod-index']",
                environment.get("HOLDFAST_NODE_ID").getValueFrom().getFieldRef().getFieldPath());
        assertEquals(
                "http://$(POD_NAME).orders-peers.shop.svc:7100",
                environment.get("HOLDFAST_HTTP_ADVERTISED").getValue());
        assertEquals(
                "app.kubernetes.io/instance=orders,holdfast.dev/observers=readers",
                Labels.selectorText(cluster, "readers"));
    }

    @Test
    void nodesThatTakeNoPodsHoldNoObserverBack() {
        var cluster = Clusters.cluster("{image: i}");
        var observers = ObserverSet.of(cluster, Clusters.observers("{clusterRef: orders}"), 10001, 1);
        assertEquals("Honor", hosts(observers).getNodeTaintsPolicy());
        assertEquals("DoNotSchedule", hosts(observers).getWhenUnsatisfiable());
        assertNull(hosts(VoterSet.of(cluster, 2)).getNodeTaintsPolicy(), "a voter waits for the node of its own");
    }

    private static TopologySpreadConstraint hosts(StatefulSet set) {
        return set.getSpec()
                .getTemplate()
                .getSpec()
                .getTopologySpreadConstraints()
                .get(0);
    }

    @Test
    void theRestoreIsInTheFirstPodUntilTheEnsembleExistsAndNeverInTheHash() {
        var spec = "{image: i, bootstrap: {restore: {claim: nfs, path: a/7.backup}}}";
        var before = Clusters.cluster(spec);
        var restore = before.getSpec().bootstrap().restore();
        var source = (Restores.Source) Restores.resolve(restore, null, List.of());
        var first = VoterSet.of(before, 1, source);
        var pod = first.getSpec().getTemplate().getSpec();
        var container = pod.getInitContainers().get(0);
        assertEquals("restore", container.getName());
        assertEquals(
                "orders-start", container.getEnvFrom().get(0).getConfigMapRef().getName());
        assertTrue(container.getArgs().containsAll(List.of("/data/holdfast", "--if-empty", "/backup/a/7.backup")));
        var volumes = pod.getVolumes().stream().map(Volume::getName).toList();
        container.getVolumeMounts().forEach(mount -> assertTrue(volumes.contains(mount.getName()), mount.getName()));
        assertTrue(VoterSet.of(before, 2, source)
                .getSpec()
                .getTemplate()
                .getSpec()
                .getInitContainers()
                .isEmpty());
        var after = VoterSet.of(Clusters.founded(spec), 1, source);
        assertTrue(after.getSpec().getTemplate().getSpec().getInitContainers().isEmpty());
        assertEquals(
                List.of("data", "tmp"),
                after.getSpec().getTemplate().getSpec().getVolumes().stream()
                        .map(Volume::getName)
                        .toList());
        assertEquals(hash(first), hash(after));
        assertEquals(after, VoterSet.of(Clusters.founded(spec), 1));
    }

    @Test
    void theBudgetKeepsAQuorumAndIsAbsentWhereNoneCanBeSpared() {
        var cluster = Clusters.cluster("{image: i}");
        assertEquals(
                3,
                Budget.of(cluster, 4, 0)
                        .orElseThrow()
                        .getSpec()
                        .getMinAvailable()
                        .getIntVal());
        assertEquals(
                5,
                Budget.of(cluster, 5, 2)
                        .orElseThrow()
                        .getSpec()
                        .getMinAvailable()
                        .getIntVal());
        assertFalse(Budget.of(cluster, 2, 7).isPresent());
        assertFalse(Budget.of(cluster, 1, 0).isPresent());
    }

    @Test
    void clientsHaveServicesWhenTheEnsembleHadAllItsVoters() {
        var cluster = Clusters.cluster("{image: i}");
        var early = SharedObjects.of(cluster, new SharedObjects.Seen(false, 1, 0, false));
        assertEquals(
                List.of("orders-peers"),
                early.stream().map(object -> object.getMetadata().getName()).toList());
        assertEquals(
                "voter",
                ReadOnlyService.of(cluster, false).getSpec().getSelector().get(Labels.COMPONENT));
        assertEquals(
                "observer",
                ReadOnlyService.of(cluster, true).getSpec().getSelector().get(Labels.COMPONENT));
    }

    @Test
    void claimsStayUnlessTheClusterSaysOtherwise() {
        assertTrue(VoterClaim.of(Clusters.cluster("{image: i}"), 1, 7L)
                .getMetadata()
                .getOwnerReferences()
                .isEmpty());
        var owned = Clusters.cluster("{image: i, storage: {whenDeleted: Delete}}");
        assertEquals(
                1,
                VoterClaim.of(owned, 1, null).getMetadata().getOwnerReferences().size());
        assertEquals("shop.orders", VoterClaim.labelOf("shop.orders"));
        assertTrue(VoterClaim.labelOf("-".repeat(64)).matches("id-[0-9a-f]{16}"));
    }

    private static List<Integer> allowed(String tls) {
        var cluster = Clusters.founded("{image: i, networkPolicy: {clients: [{podSelector: {}}]}" + tls + "}");
        return Access.of(cluster).orElseThrow().getSpec().getIngress().stream()
                .map(rule -> rule.getPorts().get(0).getPort().getIntVal())
                .toList();
    }

    @Test
    void podsThatHaveTheOtherPortsStillAreReachedWhileAClusterHasSpecTls() {
        assertEquals(List.of(7101, 7100), allowed(""));
        assertEquals(List.of(7101, 7100, 7143, 7102), allowed(", tls: {enabled: false, generated: {}}"));
        assertEquals(List.of(7101, 7100, 7143, 7102), allowed(", tls: {generated: {}}"));
    }
}
