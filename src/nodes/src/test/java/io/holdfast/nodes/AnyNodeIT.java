package io.holdfast.nodes;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.matchesPattern;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.ensemble.Eventually;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AnyNodeIT {

    @RegisterExtension
    static final SharedNodes NODES = new SharedNodes(3, Nodes::patient);

    private final List<String> sessions = new ArrayList<>();

    /** So that the next test finds the lock free. */
    @AfterEach
    void endSessions() {
        sessions.forEach(session -> at(1).delete("/v1/sessions/" + session));
    }

    @Test
    void aSessionOfOneNodeHoldsALockThroughTheSecondThatTheThirdShowsAndReleases() {
        var session = openSession(1);
        int token = take(2, "mine", session, "0s")
                .then()
                .statusCode(201)
                .header("Holdfast-Node", "2")
                .header("Holdfast-Revision", matchesPattern("\\d+-\\d+"))
                .body("state", equalTo("granted"))
                .extract()
                .path("token");
        at(3).get("/v1/locks/a/lock")
                .then()
                .statusCode(200)
                .body("holders[0].grant", equalTo("mine"))
                .body("holders[0].token", equalTo(token));
        at(3).body("{\"token\":" + token + "}")
                .post("/v1/locks/a/lock/-/check")
                .then()
                .statusCode(200)
                .body("valid", equalTo(true));
        at(3).delete("/v1/grants/mine").then().statusCode(204);
        at(1).delete("/v1/grants/mine").then().statusCode(204);
        at(2).body("{\"token\":" + token + "}")
                .post("/v1/locks/a/lock/-/check")
                .then()
                .body("valid", equalTo(false));
    }

    @Test
    void theSameRequestAtAnotherNodeHasItsEffectOnce() {
        var session = openSession(1);
        int token =
                take(1, "once", session, "0s").then().statusCode(201).extract().path("token");
        take(2, "once", session, "0s").then().statusCode(200).body("token", equalTo(token));
        take(3, "once", session, "0s").then().statusCode(200).body("token", equalTo(token));
    }

    @Test
    void aWaiterAtOneNodeGetsWhatIsReleasedAtAnother() {
        int first = take(1, "holder", openSession(1), "0s")
                .then()
                .statusCode(201)
                .extract()
                .path("token");
        var other = openSession(2);
        take(2, "tries", other, "0s").then().statusCode(423).contentType("application/problem+json");
        take(2, "waits", other, "1m").then().statusCode(202).body("position", equalTo(1));
        at(3).delete("/v1/grants/holder").then().statusCode(204);
        at(2).get("/v1/grants/waits?poll=50s")
                .then()
                .statusCode(200)
                .body("state", equalTo("granted"))
                .body("token", greaterThan(first));
    }

    @Test
    void endingASessionReleasesWhatItHas() {
        var session = openSession(1);
        take(2, "held", session, "0s").then().statusCode(201);
        at(3).post("/v1/sessions/" + session + "/keepalive?grants=true")
                .then()
                .statusCode(200)
                .body("grants[0].id", equalTo("held"));
        at(3).delete("/v1/sessions/" + session).then().statusCode(204);
        at(1).get("/v1/locks/a/lock").then().statusCode(200).body("holders.size()", equalTo(0));
        at(2).post("/v1/sessions/" + session + "/keepalive").then().statusCode(410);
    }

    @Test
    void everyNodeNamesTheSameLeader() throws Exception {
        var leader = NODES.ensemble().awaitLeader();
        for (var id = 1; id <= 3; id++) {
            at(id).get("/v1/cluster")
                    .then()
                    .statusCode(200)
                    .body("node", equalTo(id))
                    .body("leader", equalTo(leader))
                    .body("members.size()", equalTo(3));
            at(id).get("/q/health/live").then().statusCode(200);
            at(id).get("/q/health/ready").then().statusCode(200);
        }
        assertEquals(leader, NODES.ensemble().awaitLeader());
    }

    @Test
    void everyNodeKnowsWhereClientsReachAllOthersAndTheirReleases() throws Exception {
        var ensemble = NODES.ensemble();
        String release = at(1).get("/v1/cluster").path("release");
        for (var id = 1; id <= 3; id++) {
            var node = id;
            for (var other = 1; other <= 3; other++) {
                var says = "\"http\":\"" + ensemble.uri(other) + "\",\"release\":\"" + release + '"';
                Eventually.await(
                        "node " + node + " shows " + says,
                        Duration.ofSeconds(60),
                        () -> ensemble.get(node, "/v1/cluster").contains(says));
            }
        }
    }

    @Test
    void rulesHoldDuringHandOver() throws Exception {
        var ensemble = NODES.ensemble();
        var members = new Members(ensemble);
        var tenant = new Tenant(ensemble, 1);
        var over = new AtomicBoolean();
        try {
            for (var id = 1; id <= 3; id++) {
                tenant.awaitRefused(id);
            }
            var refused = CompletableFuture.supplyAsync(() -> {
                var count = 0;
                for (var node = 1; !over.get() || node != 1; node = node % 3 + 1) {
                    count += tenant.isRefused(node) ? 1 : 0;
                }
                return count;
            });
            members.lead(members.leader() % 3 + 1);
            members.lead(members.leader() % 3 + 1);
            over.set(true);
            assertTrue(refused.join() > 0, "it was refused, and not only not served");
            for (var id = 1; id <= 3; id++) {
                tenant.awaitRefused(id);
            }
        } finally {
            over.set(true);
            tenant.open();
        }
    }

    private String openSession(int node) {
        String session = at(node).body("{\"ttl\":\"10m\"}")
                .post("/v1/sessions")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        sessions.add(session);
        return session;
    }

    private Response take(int node, String grant, String session, String wait) {
        return at(node).body("{\"session\":\"%s\",\"lock\":\"a/lock\",\"wait\":\"%s\"}".formatted(session, wait))
                .put("/v1/grants/" + grant);
    }

    private RequestSpecification at(int node) {
        return given().baseUri(NODES.ensemble().uri(node).toString()).contentType(ContentType.JSON);
    }
}
