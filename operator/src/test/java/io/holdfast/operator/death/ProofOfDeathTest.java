package io.holdfast.operator.death;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of what proves a death and what does not. */
class ProofOfDeathTest {

    private static final YAMLMapper YAML = new YAMLMapper();
    private static final boolean DEAD = true;
    private static final boolean UNKNOWN = false;

    private static final String READY = "{conditions: [{type: Ready, status: 'True'}]}";
    private static final String NOT_READY = "{conditions: [{type: Ready, status: Unknown}]}";
    private static final String OUT = "{taints: [{key: node.kubernetes.io/out-of-service, effect: NoExecute}]}";
    private static final String UNREACHABLE = "{taints: [{key: node.kubernetes.io/unreachable, effect: NoExecute}]}";

    private static final String NODE = node("{}", READY);
    private static final String DELETED = "deletionTimestamp: '2026-11-29T12:00:30Z', deletionGracePeriodSeconds: 30,";
    private static final String CREATED = "";

    private static final String RUNNING = "{running: {startedAt: '2026-11-29T10:00:00Z'}}";
    private static final String WAITING = "{waiting: {reason: CrashLoopBackOff}}";
    private static final String ENDED = ended(0, "Completed", "2026-11-29T10:00:00Z", "2026-11-29T12:00:05Z");
    private static final String ENDED_BEFORE = ended(137, "OOMKilled", "2026-11-29T10:00:00Z", "2026-11-29T11:00:00Z");
    private static final String FAILED = ended(137, "Error", "2026-11-29T10:00:00Z", "2026-11-29T12:00:05Z");
    private static final String LOST =
            ended(137, "ContainerStatusUnknown", "2026-11-29T10:00:00Z", "2026-11-29T12:00:05Z");
    private static final String NEVER_STARTED = "{terminated: {exitCode: 128, reason: StartError,"
            + " startedAt: '1970-01-01T00:00:00Z', finishedAt: '2026-11-29T12:00:05Z'}}";
    private static final String NO_START = "{terminated: {exitCode: 137, reason: Error}}";

    private static String ended(int code, String reason, String from, String to) {
        return "{terminated: {exitCode: " + code + ", reason: " + reason + ", startedAt: '" + from + "', finishedAt: '"
                + to + "'}}";
    }

    private static String node(String spec, String status) {
        return "{metadata: {name: n1}, spec: " + spec + ", status: " + status + "}";
    }

    private static String pod(String policy, String phase, String metadata, String web, String sidecar) {
        return "{metadata: {" + metadata + " name: web-0, uid: 1f3a}, spec: {nodeName: n1, restartPolicy: " + policy
                + ", initContainers: [{name: migrate}, {name: holdfast, restartPolicy: Always}],"
                + " containers: [{name: web}]}, status: {phase: " + phase
                + ", initContainerStatuses: [{name: migrate, state: " + ENDED_BEFORE + "}, {name: holdfast, state: "
                + sidecar + "}], containerStatuses: [{name: web, state: " + web + "}]}}";
    }

    private static String with(String pod, String spec, String status) {
        return pod.replace("spec: {", "spec: {" + spec).replace("status: {", "status: {" + status);
    }

    static Stream<Arguments> pods() {
        return Stream.of(policies(), phases(), deletions(), containers(), nodes())
                .flatMap(rows -> rows);
    }

    /** Every container and native sidecar has terminated, and the restart policy starts none again. */
    private static Stream<Arguments> policies() {
        return Stream.of(
                row("a Job's pod", DEAD, pod("Never", "Failed", CREATED, FAILED, FAILED), NODE, "restartPolicy Never"),
                row("before its phase says so", DEAD, pod("Never", "Running", CREATED, FAILED, ENDED), NODE, "Never"),
                row("its node is gone by now", DEAD, pod("Never", "Failed", CREATED, FAILED, ENDED), null, "Never"),
                row("OnFailure, well", DEAD, pod("OnFailure", "Running", CREATED, ENDED, FAILED), NODE, "OnFailure"),
                row("OnFailure, failed", UNKNOWN, pod("OnFailure", "Running", CREATED, FAILED, ENDED), NODE, "again"),
                row(
                        "a container with a policy of its own",
                        UNKNOWN,
                        pod("Never", "Running", CREATED, FAILED, ENDED)
                                .replace("{name: web}", "{name: web, restartPolicy: Always}"),
                        NODE,
                        "may be started again"));
    }

    /** The phase rules a restart out when it is the kubelet's. */
    private static Stream<Arguments> phases() {
        return Stream.of(
                row("evicted by the kubelet", DEAD, pod("Always", "Failed", CREATED, FAILED, ENDED), NODE, "as Failed"),
                row("ended by the kubelet", DEAD, pod("Always", "Succeeded", DELETED, ENDED, ENDED), NODE, "Succeeded"),
                row(
                        "garbage collected",
                        UNKNOWN,
                        with(
                                pod("Always", "Failed", DELETED, ENDED_BEFORE, ENDED_BEFORE),
                                "",
                                "conditions: [{type: DisruptionTarget, status: 'True', reason: DeletionByPodGC}],"),
                        null,
                        "not ready"),
                row("phase Failed alone", UNKNOWN, pod("Never", "Failed", CREATED, RUNNING, RUNNING), NODE, "web"),
                row(
                        "phase Failed, no states",
                        UNKNOWN,
                        "{metadata: {name: web-0}, spec: {containers: [{name: web}]},"
                                + " status: {phase: Failed, reason: NodeLost}}",
                        null,
                        "container web has no state"));
    }

    /** A deletion rules a restart out when the kubelet knew of it. */
    private static Stream<Arguments> deletions() {
        return Stream.of(
                row(
                        "deleted",
                        DEAD,
                        pod("Always", "Running", DELETED, ENDED, ENDED),
                        NODE,
                        "after the pod was deleted"),
                row(
                        "ended by itself before it was deleted",
                        UNKNOWN,
                        pod("Always", "Running", DELETED, ENDED_BEFORE, ENDED),
                        NODE,
                        "ended before"),
                row(
                        "deleted, node away",
                        UNKNOWN,
                        pod("Always", "Running", DELETED, ENDED, ENDED),
                        node("{}", NOT_READY),
                        "node is not ready"),
                row("deleted, runs", UNKNOWN, pod("Always", "Running", DELETED, RUNNING, RUNNING), NODE, "web"),
                row("not deleted", UNKNOWN, pod("Always", "Running", CREATED, ENDED, ENDED), NODE, "may be started"));
    }

    /** One container, or the sidecar, is not enough, and nothing is when the kubelet lost track. */
    private static Stream<Arguments> containers() {
        return Stream.of(
                row(
                        "one container restarts",
                        UNKNOWN,
                        pod("Always", "Running", CREATED, WAITING, RUNNING),
                        NODE,
                        "web"),
                row("the sidecar runs", UNKNOWN, pod("Never", "Running", CREATED, FAILED, RUNNING), NODE, "holdfast"),
                row("the sidecar waits", UNKNOWN, pod("Never", "Failed", DELETED, FAILED, WAITING), NODE, "holdfast"),
                row(
                        "an ephemeral container runs",
                        UNKNOWN,
                        with(
                                pod("Never", "Failed", CREATED, FAILED, FAILED),
                                "ephemeralContainers: [{name: debug}],",
                                "ephemeralContainerStatuses: [{name: debug, state: " + RUNNING + "}],"),
                        NODE,
                        "debug"),
                // The kubelet does not know what became of it.
                row("lost track", UNKNOWN, pod("Never", "Failed", DELETED, LOST, FAILED), NODE, "lost track"),
                row(
                        "lost track of the sidecar",
                        UNKNOWN,
                        pod("Never", "Failed", DELETED, FAILED, LOST),
                        NODE,
                        "holdfast"),
                row("never started", UNKNOWN, pod("Never", "Failed", CREATED, NEVER_STARTED, FAILED), NODE, "no start"),
                row("no start time", UNKNOWN, pod("Never", "Failed", CREATED, NO_START, FAILED), NODE, "no start"));
    }

    /** Of the node the admin's word alone counts. */
    private static Stream<Arguments> nodes() {
        return Stream.of(
                row(
                        "out of service",
                        DEAD,
                        pod("Always", "Running", CREATED, RUNNING, RUNNING),
                        node(OUT, NOT_READY),
                        "out-of-service"),
                row(
                        "out of service and back",
                        UNKNOWN,
                        pod("Always", "Running", CREATED, RUNNING, RUNNING),
                        node(OUT, READY),
                        "is Ready"),
                row(
                        "unreachable",
                        UNKNOWN,
                        pod("Always", "Running", DELETED, RUNNING, RUNNING),
                        node(UNREACHABLE, NOT_READY),
                        "web"),
                row(
                        "not ready",
                        UNKNOWN,
                        pod("Always", "Running", CREATED, RUNNING, RUNNING),
                        node("{}", NOT_READY),
                        "web"),
                row("node deleted", UNKNOWN, pod("Always", "Running", DELETED, RUNNING, RUNNING), null, "web"));
    }

    private static Arguments row(String name, boolean dead, String pod, @Nullable String node, String reason) {
        return Arguments.of(name, dead, pod, node, reason);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pods")
    void itIsProvenOrNot(String name, boolean dead, String pod, @Nullable String node, String reason)
            throws IOException {
        Verdict verdict =
                ProofOfDeath.of(YAML.readValue(pod, Pod.class), node == null ? null : YAML.readValue(node, Node.class));
        assertEquals(dead, verdict.isProven(), verdict.reason());
        assertTrue(verdict.reason().contains(reason), verdict.reason());
    }
}
