package io.holdfast.operator.desired;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Service;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Objects that other operators are known to have rendered badly, and how they are here. */
class PublicFailuresTest {

    private static final String PLAIN = "{voters: 3, image: 'holdfast:1', storage: {size: 1Gi}}";
    private static final String OTHER =
            "{voters: 5, image: 'holdfast:2', storage: {size: 9Gi}, podTemplate: {metadata: {labels: {team: x}}}}";
    private static final String OBSERVERS = "{clusterRef: orders, replicas: 2}";

    // keycloak 40890: a selector that followed the labels of a release kept the next one from updating its sets
    @Test
    void selectorsAreThoseOfTheFirstReleaseWhateverTheSpecification() {
        for (String spec : List.of(PLAIN, OTHER)) {
            LockCluster cluster = Clusters.founded(spec);
            assertEquals(
                    Map.of(
                            "app.kubernetes.io/name", "holdfast",
                            "app.kubernetes.io/instance", "orders",
                            "holdfast.dev/member", "2"),
                    VoterSet.of(cluster, 2).getSpec().getSelector().getMatchLabels());
            assertEquals(
                    Map.of(
                            "app.kubernetes.io/name", "holdfast",
                            "app.kubernetes.io/instance", "orders",
                            "holdfast.dev/observers", "readers"),
                    ObserverSet.of(cluster, Clusters.observers(OBSERVERS), 10001, 2)
                            .getSpec()
                            .getSelector()
                            .getMatchLabels());
        }
    }

    // keycloak 40890: fields of a StatefulSet that cannot be changed follow nothing that can
    @Test
    void whatCannotChangeInAStatefulSetFollowsNothingThatCan() {
        var before = VoterSet.of(Clusters.founded(PLAIN), 2);
        var after = VoterSet.of(Clusters.founded(OTHER), 2);
        after.getSpec().setTemplate(before.getSpec().getTemplate());
        assertEquals(before.getSpec(), after.getSpec());
        var observers = Clusters.observers(OBSERVERS);
        var set = ObserverSet.of(Clusters.founded(PLAIN), observers, 10001, 2);
        var changed = ObserverSet.of(Clusters.founded(OTHER), observers, 10001, 4);
        changed.getSpec().setTemplate(set.getSpec().getTemplate());
        changed.getSpec().setReplicas(2);
        assertEquals(set.getSpec(), changed.getSpec());
    }

    // solr-operator 251: an autoscaler finds no pods by a selector that is missing or of others
    @Test
    void theSelectorInTheStatusIsThatOfTheSet() {
        LockCluster cluster = Clusters.founded(PLAIN);
        var labels = ObserverSet.of(cluster, Clusters.observers(OBSERVERS), 10001, 2)
                .getSpec()
                .getTemplate()
                .getMetadata()
                .getLabels();
        for (String term : Labels.selectorText(cluster, "readers").split(",")) {
            String[] pair = term.split("=");
            assertEquals(pair[1], labels.get(pair[0]), term);
        }
    }

    // starrocks-kubernetes-operator 734: observers without a name that resolves
    @Test
    void observersHaveNamesAndAnEndpoint() {
        LockCluster cluster = Clusters.founded(PLAIN);
        var set = ObserverSet.of(cluster, Clusters.observers(OBSERVERS), 10001, 2);
        var peers = SharedObjects.of(cluster, new SharedObjects.Seen(true, 3, 2, true)).stream()
                .filter(Service.class::isInstance)
                .map(Service.class::cast)
                .filter(service ->
                        service.getMetadata().getName().equals(set.getSpec().getServiceName()))
                .findFirst()
                .orElseThrow();
        assertEquals("None", peers.getSpec().getClusterIP());
        assertTrue(peers.getSpec().getPublishNotReadyAddresses());
        var labels = set.getSpec().getTemplate().getMetadata().getLabels();
        assertTrue(labels.entrySet().containsAll(peers.getSpec().getSelector().entrySet()));
    }
}
