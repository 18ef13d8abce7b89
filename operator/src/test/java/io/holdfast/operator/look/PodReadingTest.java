package io.holdfast.operator.look;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.holdfast.operator.plan.Look;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PodReadingTest {

    private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");
    private static final String READY =
            "{conditions: [{type: Ready, status: 'True', lastTransitionTime: '2026-11-30T11:00:00Z'}],"
                    + " containerStatuses: [{name: holdfast, state: {running: {}}}]}";

    private static Pod pod(String uid, String more, String status) {
        return new KubernetesSerialization()
                .unmarshal(
                        "metadata: {name: p, uid: " + uid + ", creationTimestamp: '2026-11-30T10:00:00Z'" + more
                                + "}\nspec: {nodeName: n1}\nstatus: " + status,
                        Pod.class);
    }

    private static Look.Pod read(Pod first, Pod last) {
        return PodReading.of(first, last, "t", new Answer.None<>("none"), NOON);
    }

    private static Look.Pod read(String status) {
        Pod pod = pod("u1", "", status);
        return read(pod, pod);
    }

    @Test
    void aPodThatIsWell() {
        Look.Pod pod = read(READY);
        assertTrue(pod.ready() && pod.running() && pod.steady());
        assertEquals(Instant.parse("2026-11-30T11:00:00Z"), pod.since());
        assertEquals(new Look.Node("n1", false), pod.node());
        assertNull(pod.waiting());
        assertNull(pod.answer());
    }

    @Test
    void aPodThatIsAnotherOneAtTheEndIsNotSteady() {
        assertFalse(read(pod("u1", "", READY), pod("u2", "", READY)).steady());
        assertFalse(read(pod("u1", "", READY), null).steady());
        assertFalse(read(pod("u1", "", READY), pod("u1", "", "{}")).steady());
    }

    @Test
    void whyAPodWaits() {
        assertEquals(
                "ImagePullBackOff",
                read("{containerStatuses: [{name: holdfast, state: {waiting: {reason: ImagePullBackOff}}}]}")
                        .waiting()
                        .reason());
        assertNull(read("{containerStatuses: [{name: holdfast, state: {waiting: {reason: ContainerCreating}}}]}")
                .waiting());
        assertEquals(
                new Look.Waiting("Unschedulable", Instant.parse("2026-11-30T10:30:00Z")),
                read("{conditions: [{type: PodScheduled, status: 'False', reason: Unschedulable,"
                                + " lastTransitionTime: '2026-11-30T10:30:00Z'}]}")
                        .waiting());
    }

    @Test
    void howItsContainersEnded() {
        Look.Pod pod = read("{containerStatuses: [{name: holdfast, state: {waiting: {reason: CrashLoopBackOff}},"
                + " lastState: {terminated: {exitCode: 74, message: \"first\\nthe log is damaged\\n\"}}}],"
                + " initContainerStatuses: [{name: restore, state: {terminated: {exitCode: 66, reason: Error}}}]}");
        assertEquals(new Look.Exit(74, "the log is damaged"), pod.lastExit());
        assertEquals(new Look.Exit(66, "Error"), pod.restoreExit());
    }

    @Test
    void aPodThatDoesNotGoIsOnANodeThatIsLost() {
        String deleted = ", deletionTimestamp: '2026-11-30T11:";
        assertTrue(read(pod("u1", deleted + "57:59Z'", READY), null).node().lost());
        assertFalse(read(pod("u1", deleted + "58:30Z'", READY), null).node().lost());
        assertTrue(read("{reason: NodeLost}").node().lost());
    }
}
