package io.holdfast.sidecar.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.ensemble.Eventually;
import io.holdfast.sidecar.core.Bench;
import io.holdfast.sidecar.settings.KubernetesSettings;
import io.holdfast.sidecar.settings.Pod;
import io.holdfast.sidecar.settings.PodLabelMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The label and the slice against a made-up API server, with each of its faults. */
@Timeout(120)
class TrafficTest {

    private static final Pod POD = new Pod("pod-1", "shop", "uid-1", "10.0.0.7");

    @TempDir
    private Path account;

    private final Bench bench = new Bench();
    private final AtomicBoolean ready = new AtomicBoolean(true);
    private FakeCluster cluster;
    private KubernetesApi api;

    @BeforeEach
    void serve() throws IOException {
        cluster = new FakeCluster();
        cluster.pod("pod-1", "uid-1");
        cluster.slice("");
        Files.writeString(account.resolve("token"), "secret-1\n");
        api = api(Duration.ofSeconds(30));
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    private KubernetesApi api(Duration within) {
        return new KubernetesApi(
                new KubernetesSettings(POD, PodLabelMode.SELF, Optional.empty(), cluster.uri(), account), within);
    }

    private PodLabel label(PodLabelMode mode) {
        return new PodLabel(api, POD, mode, bench.leadership, bench.view);
    }

    private LeaderSlice slice() {
        return new LeaderSlice(api, POD, "web-leader", bench.leadership, ready::get);
    }

    private static void done(Upkeep upkeep) throws Exception {
        assertEquals(Upkeep.Outcome.DONE, upkeep.attempt());
    }

    @Test
    void theLabelSaysWhetherThePodLeads() throws Exception {
        PodLabel label = label(PodLabelMode.SELF);
        done(label);
        assertEquals("false", cluster.label("pod-1"));
        bench.election.elect(7);
        done(label);
        assertEquals("true", cluster.label("pod-1"));
        bench.leadership.resign();
        done(label);
        assertEquals("false", cluster.label("pod-1"));
    }

    @Test
    void aNewPodOfTheSameNameIsNotMeant() throws Exception {
        cluster.pod("pod-1", "uid-2");
        bench.election.elect(7);
        Upkeep.Outcome outcome = label(PodLabelMode.SELF).attempt();
        assertEquals(Upkeep.Step.OVER, outcome.step());
        assertEquals("the label of pod pod-1: 409, the pod of that name is not this one", outcome.words());
        assertEquals("", cluster.label("pod-1"));
    }

    @Test
    void takingOverTakesTheLabelFromTheFormerLeadersPod() throws Exception {
        cluster.pod("pod-2", "uid-of-pod-2");
        cluster.pod("pod-3", "another");
        PodLabel label = label(PodLabelMode.TAKEOVER);
        bench.heard("pod-2", 6);
        bench.election.elect(7);
        done(label);
        assertEquals("true", cluster.label("pod-1"));
        assertEquals("false", cluster.label("pod-2"));
        int requests = cluster.requests().size();
        done(label);
        assertEquals(requests + 1, cluster.requests().size(), "once for each leadership");
        bench.leadership.resign();
        bench.election.awaitReleased();
        bench.heard("pod-3", 8);
        bench.election.elect(9);
        done(label);
        assertEquals("", cluster.label("pod-3"), "a new pod of that name is not meant");
    }

    @Test
    void selfLeavesOtherPodsAlone() throws Exception {
        cluster.pod("pod-2", "uid-of-pod-2");
        bench.heard("pod-2", 6);
        bench.election.elect(7);
        done(label(PodLabelMode.SELF));
        assertEquals("", cluster.label("pod-2"));
    }

    @Test
    void theSliceHasTheLeadersAddressAlone() throws Exception {
        LeaderSlice slice = slice();
        done(slice);
        assertEquals(0, cluster.requests().size(), "what does not lead asks nothing");
        bench.election.elect(7);
        done(slice);
        JsonNode now = cluster.slice();
        assertEquals(
                "7", now.at("/metadata/annotations").path("holdfast.dev/token").asText());
        assertEquals(
                "[{\"addresses\":[\"10.0.0.7\"],"
                        + "\"conditions\":{\"ready\":true,\"serving\":true},\"targetRef\":{\"kind\":"
                        + "\"Pod\",\"namespace\":\"shop\",\"name\":\"pod-1\",\"uid\":\"uid-1\"}}]",
                now.path("endpoints").toString());
        assertEquals(
                "web-leader",
                now.at("/metadata/labels").path("kubernetes.io/service-name").asText());
        assertEquals(8080, now.at("/ports/0/port").asInt());
        ready.set(false);
        done(slice);
        assertFalse(cluster.slice().at("/endpoints/0/conditions/ready").asBoolean());
        ready.set(true);
        bench.leadership.resign();
        done(slice);
        assertFalse(cluster.slice().at("/endpoints/0/conditions/ready").asBoolean());
        int requests = cluster.requests().size();
        done(slice);
        assertEquals(requests, cluster.requests().size());
    }

    @Test
    void anAddressWhoseWritingWasNotAnsweredIsTakenBackToo() throws Exception {
        bench.election.elect(7);
        LeaderSlice slice = slice();
        cluster.loseNextPatchAnswer();
        assertEquals(Upkeep.Step.RETRY, slice.attempt().step());
        assertTrue(cluster.slice().at("/endpoints/0/conditions/ready").asBoolean());
        bench.leadership.resign();
        done(slice);
        assertFalse(cluster.slice().at("/endpoints/0/conditions/ready").asBoolean());
    }

    @Test
    void aFormerLeaderCannotTakeTheSliceBack() throws Exception {
        cluster.slice(",\"annotations\":{\"holdfast.dev/token\":\"8\"}");
        bench.election.elect(7);
        done(slice());
        assertEquals("[]", cluster.slice().path("endpoints").toString());
    }

    @Test
    void aFormerLeaderThatReadBeforeTheNewOneWroteCannotEither() throws Exception {
        bench.election.elect(7);
        cluster.beforePatch(
                () -> cluster.slice(",\"annotations\":{\"holdfast.dev/token\":\"8\"},\"resourceVersion\":\"2\""));
        LeaderSlice slice = slice();
        assertEquals(Upkeep.Step.CONFLICT, slice.attempt().step());
        done(slice);
        assertEquals(
                "8",
                cluster.slice()
                        .at("/metadata/annotations")
                        .path("holdfast.dev/token")
                        .asText());
        assertEquals("[]", cluster.slice().path("endpoints").toString());
    }

    @Test
    void anAnnotationThatIsNoTokenIsBelowAll() throws Exception {
        cluster.slice(",\"annotations\":{\"holdfast.dev/token\":\"many\"}");
        bench.election.elect(7);
        done(slice());
        assertEquals(
                "7",
                cluster.slice()
                        .at("/metadata/annotations")
                        .path("holdfast.dev/token")
                        .asText());
    }

    @Test
    void eachRefusalIsSaidWithWhatToDo() throws Exception {
        bench.election.elect(7);
        assertFails(
                401,
                Upkeep.Step.RETRY,
                "the label of pod pod-1: 401, the service account's token is refused (made up)");
        assertFails(
                403,
                Upkeep.Step.REFUSED,
                "the label of pod pod-1: 403, the service account may not; apply k8s/sidecar" + " (made up)");
        assertFails(404, Upkeep.Step.OVER, "the label of pod pod-1: 404, the pod of that name is not this one");
        assertFails(409, Upkeep.Step.OVER, "the label of pod pod-1: 409, the pod of that name is not this one");
        assertFails(422, Upkeep.Step.REFUSED, "the label of pod pod-1: 422, refused (made up)");
        assertFails(429, Upkeep.Step.RETRY, "the label of pod pod-1: 429 (made up)");
        assertFails(500, Upkeep.Step.RETRY, "the label of pod pod-1: 500 (made up)");
        assertFails(503, Upkeep.Step.RETRY, "the label of pod pod-1: 503 (made up)");
        cluster.fail(503);
        assertEquals(1_000, label(PodLabelMode.SELF).attempt().afterMillis());
        cluster.fail(404);
        assertEquals(
                "the EndpointSlice web-leader: 404, create it as k8s/sidecar/slice does",
                slice().attempt().words());
        cluster.fail(403);
        assertEquals(Upkeep.Step.REFUSED, slice().attempt().step());
        assertEquals(11, api.failures());
    }

    private void assertFails(int status, Upkeep.Step step, String words) throws Exception {
        cluster.fail(status);
        Upkeep.Outcome outcome = label(PodLabelMode.SELF).attempt();
        assertEquals(step, outcome.step(), words);
        assertEquals(words, outcome.words());
    }

    @Test
    void noAnswerInTimeIsNone() {
        api = api(Duration.ofMillis(200));
        cluster.fail(0);
        IOException none =
                assertThrows(IOException.class, () -> label(PodLabelMode.SELF).attempt());
        assertEquals("no answer within 200 ms", none.getMessage());
    }

    @Test
    void theTokenIsReadForEachRequest() throws Exception {
        done(label(PodLabelMode.SELF));
        Files.writeString(account.resolve("token"), "secret-2");
        done(label(PodLabelMode.SELF));
        assertTrue(cluster.requests().get(0).endsWith("Bearer secret-1"));
        assertTrue(cluster.requests().get(1).endsWith("Bearer secret-2"));
        Files.delete(account.resolve("token"));
        IOException missing =
                assertThrows(IOException.class, () -> label(PodLabelMode.SELF).attempt());
        assertTrue(missing.getMessage().startsWith("the service account's token cannot be read"));
    }

    @Test
    void aSliceOfTheOtherAddressTypeIsRefused() throws Exception {
        bench.election.elect(7);
        Pod six = new Pod("pod-1", "shop", "uid-1", "fd00::7");
        LeaderSlice slice = new LeaderSlice(api, six, "web-leader", bench.leadership, ready::get);
        assertEquals(
                "the EndpointSlice web-leader has addresses of type IPv4, and POD_IP is fd00::7: create it with the"
                        + " other addressType",
                slice.attempt().words());
    }

    @Test
    void whatFailedIsAttemptedAgainAndNothingWaitsForIt() throws Exception {
        cluster.fail(500, 503, 409);
        Upkeeper upkeeper = Upkeeper.of(slice());
        bench.election.elect(7);
        upkeeper.start();
        assertTrue(bench.leadership.now().leads());
        Eventually.await(
                "the address is written",
                Bench.BOUND,
                () -> cluster.slice().path("endpoints").size() == 1);
        bench.leadership.resign();
        upkeeper.nudge();
        assertTrue(upkeeper.flush(Duration.ofSeconds(60)));
        assertFalse(cluster.slice().at("/endpoints/0/conditions/ready").asBoolean());
        upkeeper.close();
    }

    @Test
    void aServerThatDoesNotAnswerIsNotWaitedForAtTheEnd() throws Exception {
        cluster.fail(0);
        Upkeeper upkeeper = Upkeeper.of(label(PodLabelMode.SELF));
        upkeeper.start();
        Eventually.await("a request", Bench.BOUND, () -> cluster.requests().size() == 1);
        assertFalse(upkeeper.flush(Duration.ofMillis(10)));
        upkeeper.close();
    }
}
