package io.holdfast.operator.desired;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodTemplateOverlayTest {

    private static PodTemplateSpec pod(String part) {
        return VoterSet.of(Clusters.cluster("{image: i, podTemplate: " + part + "}"), 2)
                .getSpec()
                .getTemplate();
    }

    @Test
    void whatIsGivenIsMergedByNamesAndWhatIsNullIsRemoved() {
        var pod = pod("{spec: {securityContext: {runAsUser: null, supplementalGroups: [7]}, containers: ["
                + "{name: holdfast, env: [{name: TZ, value: UTC}], startupProbe: {failureThreshold: 900}},"
                + "{name: shipper, image: s:1}]}}");
        var containers = pod.getSpec().getContainers();
        assertEquals(2, containers.size());
        assertEquals("i", containers.get(0).getImage());
        assertEquals(
                "TZ",
                containers
                        .get(0)
                        .getEnv()
                        .get(containers.get(0).getEnv().size() - 1)
                        .getName());
        assertEquals(900, containers.get(0).getStartupProbe().getFailureThreshold());
        assertEquals(
                "/q/health/started",
                containers.get(0).getStartupProbe().getHttpGet().getPath());
        assertEquals("s:1", containers.get(1).getImage());
        assertNull(pod.getSpec().getSecurityContext().getRunAsUser());
        assertEquals(10001, pod.getSpec().getSecurityContext().getFsGroup());
        assertEquals(java.util.List.of(7L), pod.getSpec().getSecurityContext().getSupplementalGroups());
    }

    @Test
    void anEmptyPartIsNone() {
        assertEquals(pod("null"), pod("{}"));
        assertNotEquals(pod("{}"), pod("{spec: {priorityClassName: high}}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{spec: {containers: [{name: holdfast, image: x}]}} | .spec.containers[holdfast].image: remove it, use spec.image",
                "{spec: {containers: [{name: holdfast, resources: {}}]}} | .spec.containers[holdfast].resources: remove it, use spec.resources",
                "{spec: {containers: [{name: holdfast, args: [x]}]}} | .spec.containers[holdfast].args: remove it, the image has its own",
                "{spec: {containers: [{name: holdfast, readinessProbe: null}]}} | .spec.containers[holdfast].readinessProbe: remove it, changes go on when pods are ready",
                "{spec: {containers: [{name: holdfast, env: [{name: HOLDFAST_NODE_ID, value: '7'}]}]}} | .spec.containers[holdfast].env: HOLDFAST_NODE_ID is a setting: use spec.config",
                "{spec: {containers: [{name: holdfast, env: [{name: JDK_JAVA_OPTIONS}]}]}} | .spec.containers[holdfast].env: JDK_JAVA_OPTIONS is the operator's own: use another name",
                "{spec: {containers: [{name: holdfast, volumeMounts: [{mountPath: /data, name: x}]}]}} | .spec.containers[holdfast].volumeMounts: /data is the operator's own: use another mountPath",
                "{spec: {containers: [{image: x}]}} | .spec.containers: an item without name: give it, items are merged by it",
                "{spec: {initContainers: [{name: restore}]}} | .spec.initContainers: restore is the operator's own: use another name",
                "{spec: {volumes: [{name: data, emptyDir: {}}]}} | .spec.volumes: data is the operator's own: use another name",
                "{spec: {hostNetwork: true}} | .spec.hostNetwork: remove it, two members of a host would have one address",
                "{spec: {enableServiceLinks: true}} | .spec.enableServiceLinks: remove it, links become variables that the server takes for settings",
                "{spec: {terminationGracePeriodSeconds: 5}} | .spec.terminationGracePeriodSeconds: a leader hands over in that time: use 30 at least",
                "{metadata: {labels: {app.kubernetes.io/name: x}}} | .metadata.labels: app.kubernetes.io/name is the operator's: remove it",
                "{metadata: {annotations: {holdfast.dev/template: x}}} | .metadata.annotations: holdfast.dev/template is the operator's: remove it",
                "{metadata: {name: x}} | .metadata.name: only [annotations, labels] are merged: remove it",
                "{template: {}} | .template: only [metadata, spec] are merged: remove it",
                "{spec: {$patch: replace}} | .spec.$patch: directives are not supported: write null to remove a field",
                "{spec: {priorityClass: high}} | .spec.priorityClass: a pod template has no such field, or no such value there",
                "{spec: {containers: [{name: x, ports: [{containerPort: 1, prot: TCP}]}]}} | .spec.containers[1].ports[0].prot: a pod template has no such field, or no such value there",
                "{spec: {tolerations: high}} | .spec.tolerations: a pod template has no such field, or no such value there",
                "{spec: {priority: high}} | .spec.priority: a pod template has no such field, or no such value there",
            })
    void whatTheOperatorReliesOnAndWhatNoPodHasIsRefusedByItsPath(String part, String message) {
        var refused = assertThrows(SpecRefusedException.class, () -> pod(part));
        assertEquals("spec.podTemplate" + message, refused.getMessage());
    }
}
