package io.holdfast.nodes;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.holdfast.ensemble.Eventually;
import io.holdfast.server.SseClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Reads that are fresh enough, and waiting for changes. */
abstract class WatchRecipes extends Recipe {

    private static final Pattern HOLDS_ONE = Pattern.compile("(?m)^holdfast_polls\\S* [1-9]");

    private final String mine = fresh("mine");
    private final String next = fresh("next");

    @Test
    void aReadWaitsUntilTheLockHasChanged() {
        hold(mine, openSession(), "");
        var revision = lock().extract().jsonPath().getString("revision");
        get("/v1/locks/" + lock + "?poll=100ms&changedSince=" + revision).statusCode(204);
        take(next, openSession(), WAITS).statusCode(202);
        get("/v1/locks/" + lock + "?poll=50s&changedSince=" + revision)
                .statusCode(200)
                .body("waiters.grant", contains(next));
    }

    @Test
    void readsAreLinearizableOrLocalAndWaitForARevision() {
        hold(mine, openSession(), "");
        var written = lock().extract().header("Holdfast-Revision");
        get("/v1/locks/" + lock + "?consistency=local&minRevision=" + written)
                .statusCode(200)
                .header("Holdfast-Age-Ms", matchesPattern("\\d+"))
                .body("holders.grant", contains(mine));
        get("/v1/locks/" + lock + "?consistency=local&maxStale=1ms").statusCode(200);
        lock().body("holders.grant", contains(mine));
    }

    @Test
    void observersHearOfEveryLeaderInOrder() throws Exception {
        try (var stream = stream("/v1/events?kinds=granted&prefix=" + lock)) {
            assertEquals("bookmark", stream.next().event());
            hold(mine, openSession(), "");
            take(next, openSession(), WAITS).statusCode(202);
            release(mine);
            assertEquals(mine, changed(stream));
            assertEquals(next, changed(stream));
        }
    }

    private static String changed(SseClient stream) throws InterruptedException {
        var change = stream.next(event -> event.event().equals("change"));
        return change.data().at("/changes/0/grant").asText();
    }

    @Test
    void aPrefixIsReadAndThenFollowed() throws Exception {
        ask(mine, openSession(), "'lock':'" + lock + "/a'").body("state", equalTo("granted"));
        try (var stream = stream("/v1/events?since=0-0&prefix=" + lock + "/")) {
            var present = stream.next(event -> event.data().toString().contains(mine));
            // A node whose history is whole tells it; another one tells what is there.
            assertEquals("granted", present.data().at("/changes/0/kind").asText());
            ask(next, openSession(), "'lock':'" + lock + "/b'").body("state", equalTo("granted"));
            stream.next(event -> event.data().toString().contains(next));
        }
    }

    @Test
    void changesAreReadInBatchesFromARevisionOn() {
        hold(mine, openSession(), "");
        var revision = lock().extract().header("Holdfast-Revision");
        release(mine);
        hold(next, openSession(), "");
        var batch = get("/v1/events?poll=30s&prefix=" + lock + "&since=" + revision);
        batch.statusCode(200)
                .body("events.data.changes.flatten().kind", contains("released", "granted"))
                .body("events.data.changes.flatten().grant", contains(mine, next))
                .body("next", matchesPattern("\\d+-\\d+"));
    }

    @Test
    void aLeaderOfTheEnsembleIsNamedByEveryNode() throws Exception {
        var leader = RecipesIT.NODES.ensemble().awaitLeader();
        for (var node = 1; node <= 3; node++) {
            given().baseUri(RecipesIT.NODES.ensemble().uri(node).toString())
                    .get("/v1/cluster")
                    .then()
                    .body("leader", equalTo(leader))
                    .body("epoch", greaterThanOrEqualTo(1));
        }
    }

    @Test
    void aStreamOfANodeThatStopsEndsAndGoesOnAtAnother() throws Exception {
        var ensemble = RecipesIT.NODES.ensemble();
        var stops = ensemble.follower();
        hold(mine, openSession(), "");
        String last;
        try {
            last = readUntilTheEndOf(stops);
        } finally {
            ensemble.node(stops).kill();
            ensemble.node(stops).start();
        }
        release(mine);
        try (var events = new SseClient(at(1 + stops % 3, "/v1/events?prefix=" + lock), last)) {
            var released = events.next(event -> event.event().equals("change"));
            assertEquals(mine, released.data().at("/changes/0/grant").asText());
        }
        ensemble.awaitReady();
    }

    /** Has a node stop that serves streams of both kinds and holds a request; returns the last id that it said. */
    private String readUntilTheEndOf(int node) throws Exception {
        var ensemble = RecipesIT.NODES.ensemble();
        var session = openSession();
        take(next, session, WAITS).statusCode(202);
        try (var events = new SseClient(at(node, "/v1/events?prefix=" + lock), null);
                var attached = new SseClient(at(node, "/v1/sessions/" + session + "/attach"), null)) {
            assertEquals("attached", attached.next().event());
            var request = HttpRequest.newBuilder(at(node, "/v1/grants/" + next + "?poll=55s"));
            var poll = HttpClient.newHttpClient().sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
            Eventually.await(
                    "the node holds the request",
                    Duration.ofSeconds(50),
                    () -> HOLDS_ONE.matcher(ensemble.get(node, "/q/metrics")).find());
            // SIGTERM's own code: it ended of itself, long before it would have given up waiting for its requests.
            assertEquals(143, ensemble.node(node).stop());
            var last = "";
            for (var event = events.next(); !event.event().equals("end"); event = events.next()) {
                last = event.id();
            }
            attached.next(event -> event.event().equals("end"));
            assertEquals(200, poll.get().statusCode());
            return last;
        }
    }

    private static URI at(int node, String path) {
        return RecipesIT.NODES.ensemble().uri(node).resolve(path);
    }
}
