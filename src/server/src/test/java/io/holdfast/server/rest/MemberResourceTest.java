package io.holdfast.server.rest;

import static io.holdfast.server.rest.Api.json;
import static io.holdfast.server.rest.Api.problem;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The members of an ensemble of one, changed over HTTP; what needs several nodes is tested with processes. */
@QuarkusTest
class MemberResourceTest {

    private static final String ADDRESS = "10.1.2.3:7101";

    @AfterEach
    void removeWhoWasAdded() {
        given().delete("/v1/cluster/members/41");
    }

    private static int version() {
        return given().get("/v1/cluster").then().extract().path("configurationVersion");
    }

    private static io.restassured.response.ValidatableResponse add(String query) {
        return json("{'id':41,'address':'" + ADDRESS + "','role':'observer'}")
                .post("/v1/cluster/members" + query)
                .then();
    }

    @Test
    void aMemberIsAddedMovedAndRemovedAndRepeatingItChangesNothing() {
        int before = version();
        add("").statusCode(201)
                .body("changed", equalTo(true))
                .body("settled", equalTo(true))
                .body("configuration.version", equalTo(before + 1))
                .body("configuration.members.id", contains(1, 41))
                .body("configuration.members[1].role", equalTo("observer"))
                .body("configuration.voters", equalTo(1))
                .body("warnings", empty());
        add("").statusCode(200).body("changed", equalTo(false)).body("configuration.version", equalTo(before + 1));
        given().get("/v1/cluster")
                .then()
                .body("settled", equalTo(true))
                .body("pending", nullValue())
                .body("members.find { it.id == 41 }.address", equalTo(ADDRESS));
        json("{'address':'[2001:db8::7]:7102'}")
                .patch("/v1/cluster/members/41")
                .then()
                .statusCode(200)
                .body("changed", equalTo(true))
                .body("configuration.members[1].address", equalTo("[2001:db8::7]:7102"))
                .body("warnings", hasItem(containsString("member 41 is not in step")));
        problem(add(""), 409, "member-mismatch");
        given().delete("/v1/cluster/members/41")
                .then()
                .statusCode(200)
                .body("changed", equalTo(true))
                .body("configuration.members.id", contains(1));
        problem(given().delete("/v1/cluster/members/41").then(), 404, "member-unknown");
        assertEquals(before + 3, version());
    }

    @Test
    void aDryRunSaysWhatWouldHappenAndDoesNothing() {
        int before = version();
        add("?dryRun=true")
                .statusCode(200)
                .body("dryRun", equalTo(true))
                .body("changed", equalTo(true))
                .body("configuration.version", equalTo(before + 1))
                .body("configuration.members.id", contains(1, 41));
        problem(
                json("{'role':'voter'}")
                        .patch("/v1/cluster/members/41?dryRun=true")
                        .then(),
                404,
                "member-unknown");
        problem(given().delete("/v1/cluster/members/1?dryRun=true").then(), 409, "would-lose-quorum");
        assertEquals(before, version());
        add("").statusCode(201);
        problem(
                json("{'role':'voter'}")
                        .patch("/v1/cluster/members/41?dryRun=true")
                        .then(),
                409,
                "not-synced");
        assertEquals(before + 1, version());
    }

    @Test
    void aVersionThatIsNotInForceIsRefused() {
        int before = version();
        problem(add("?ifVersion=" + (before + 1)), 412, "version-stale");
        add("?ifVersion=" + before).statusCode(201);
        add("?ifVersion=" + before).statusCode(200).body("changed", equalTo(false));
        problem(given().delete("/v1/cluster/members/41?ifVersion=" + before).then(), 412, "version-stale");
        given().delete("/v1/cluster/members/41?ifVersion=" + (before + 1))
                .then()
                .statusCode(200);
    }

    @Test
    void whatWouldRiskTheQuorumIsRefused() {
        problem(given().delete("/v1/cluster/members/1").then(), 409, "would-lose-quorum");
        problem(json("{'role':'observer'}").patch("/v1/cluster/members/1").then(), 409, "would-lose-quorum");
        add("").statusCode(201);
        problem(json("{'role':'voter'}").patch("/v1/cluster/members/41").then(), 409, "not-synced")
                .body("detail", containsString("member 41"));
        String own = given().get("/v1/cluster").then().extract().path("members[0].address");
        problem(
                json("{'address':'" + own + "'}")
                        .patch("/v1/cluster/members/41")
                        .then(),
                409,
                "member-mismatch");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST|/v1/cluster/members|{'address':'a:1'}|id",
                "POST|/v1/cluster/members|{'id':0,'address':'a:1'}|id",
                "POST|/v1/cluster/members|{'id':65536,'address':'a:1'}|id",
                "POST|/v1/cluster/members|{'id':'4','address':'a:1'}|id",
                "POST|/v1/cluster/members|{'id':4}|address",
                "POST|/v1/cluster/members|{'id':4,'address':'a'}|address",
                "POST|/v1/cluster/members|{'id':4,'address':'a:0'}|address",
                "POST|/v1/cluster/members|{'id':4,'address':'a:65536'}|address",
                "POST|/v1/cluster/members|{'id':4,'address':'::1:7101'}|address",
                "POST|/v1/cluster/members|{'id':4,'address':'a b:1'}|address",
                "POST|/v1/cluster/members|{'id':4,'address':'-a:1'}|address",
                "POST|/v1/cluster/members|{'id':4,'address':'a:1','role':'voter'}|role",
                "POST|/v1/cluster/members|{'id':4,'address':'a:1','port':1}|port",
                "POST|/v1/cluster/members?ifVersion=x|{'id':4,'address':'a:1'}|ifVersion",
                "POST|/v1/cluster/members?dryRun=yes|{'id':4,'address':'a:1'}|dryRun",
                "POST|/v1/cluster/members?wait=1s|{'id':4,'address':'a:1'}|wait",
                "PATCH|/v1/cluster/members/1|{}|role",
                "PATCH|/v1/cluster/members/1|{'role':'leader'}|role",
                "PATCH|/v1/cluster/members/1|{'address':''}|address",
                "PATCH|/v1/cluster/members/x|{'role':'voter'}|id",
                "PATCH|/v1/cluster/members/65536|{'role':'voter'}|id",
                "POST|/v1/cluster/leader|{'to':0}|to",
                "POST|/v1/cluster/leader|{'node':1}|node",
            })
    void whatCannotBeMeantIsNamed(String method, String path, String body, String field) {
        problem(json(body).request(method, path).then(), 400, "invalid-request")
                .body("violations[0].field", equalTo(field));
    }

    @Test
    void theOnlyVoterCannotHandOver() {
        problem(json("{}").post("/v1/cluster/leader").then(), 409, "no-successor");
        problem(json("{'to':9}").post("/v1/cluster/leader").then(), 404, "member-unknown");
        json("{'to':1}").post("/v1/cluster/leader").then().statusCode(200).body("leader", equalTo(1));
        add("").statusCode(201);
        problem(json("{'to':41}").post("/v1/cluster/leader").then(), 409, "not-synced");
    }

    @Test
    void everyConfigurationIsAnEvent() {
        String before = given().get("/v1/locks/x").header("Holdfast-Revision");
        add("").statusCode(201);
        int version = version();
        var batch = given().accept("application/json")
                .get("/v1/events?since={since}&kinds=member-changed&poll=30s", before)
                .then()
                .statusCode(200);
        batch.body("events[0].event", equalTo("change"))
                .body("events[0].data.changes[0].kind", equalTo("member-changed"))
                .body("events[0].data.changes[0].version", equalTo(version))
                .body("events[0].data.changes[0].members.id", contains(1, 41))
                .body("events[0].data.changes[0].members[1].address", equalTo(ADDRESS))
                .body("events[0].data.changes[0].members[1].role", equalTo("observer"));
        EventSchemas.requireAsDescribed("EventBatch", batch.extract().asString());
    }
}
