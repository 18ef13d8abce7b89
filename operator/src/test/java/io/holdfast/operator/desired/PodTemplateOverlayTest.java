package io.holdfast.operator.desired;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

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
        assertEquals(List.of(7L), pod.getSpec().getSecurityContext().getSupplementalGroups());
    }

    @Test
    void anEmptyPartIsNone() {
        assertEquals(pod("null"), pod("{}"));
        assertNotEquals(pod("{}"), pod("{spec: {priorityClassName: high}}"));
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/desired/refused.txt", delimiter = '|')
    void whatTheOperatorReliesOnAndWhatNoPodHasIsRefusedByItsPath(String part, String message) {
        var refused = assertThrows(SpecRefusedException.class, () -> pod(part));
        assertEquals("spec.podTemplate" + message, refused.getMessage());
    }
}
