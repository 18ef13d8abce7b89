package io.holdfast.nodes;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.api.Revision;
import io.holdfast.ensemble.Eventually;
import io.restassured.response.Response;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class StaleReadsIT {

    private static final long OLD_MILLIS = 3_000;

    @RegisterExtension
    final Nodes nodes = new Nodes(3);

    private Response read(int node, String query) {
        return given().baseUri(nodes.ensemble().uri(node).toString()).get("/v1/locks/a/lock?" + query);
    }

    private static long age(Response answer) {
        return Long.parseLong(answer.getHeader("Holdfast-Age-Ms"));
    }

    @Test
    void aNodeWithoutALeaderSaysHowOldItsStateIsAndAnswersNobodyWhoWantsANewerOne() throws Exception {
        var ensemble = nodes.ensemble();
        ensemble.start();
        var follower = ensemble.follower();
        var client = new Client(ensemble, follower);
        var taken = Client.granted(client.take("held", client.openSession(), "a/lock", "0s"));
        // Another node may have answered.
        var revision = new Revision(taken.revision() >>> 32, taken.revision() & 0xFFFF_FFFFL);
        read(follower, "consistency=local&maxStale=10m&minRevision=" + revision)
                .then()
                .statusCode(200)
                .body("holders[0].grant", equalTo("held"));

        for (var id = 1; id <= 3; id++) {
            if (id != follower) {
                ensemble.node(id).kill();
            }
        }
        Eventually.await(
                "the age is measured on",
                Duration.ofSeconds(60),
                () -> age(read(follower, "consistency=local")) > OLD_MILLIS);
        var old = read(follower, "consistency=local&maxStale=10m");
        old.then().statusCode(200).body("holders[0].grant", equalTo("held"));
        assertTrue(age(old) > OLD_MILLIS, () -> "an age of " + age(old) + " ms");
        read(follower, "consistency=local&maxStale=200ms").then().statusCode(503);
        read(follower, "consistency=linearizable").then().statusCode(503);
    }
}
