package io.holdfast.server.rest;

import static io.holdfast.server.rest.Api.ask;
import static io.holdfast.server.rest.Api.eventually;
import static io.holdfast.server.rest.Api.fresh;
import static io.holdfast.server.rest.Api.json;
import static io.holdfast.server.rest.Api.notBefore;
import static io.holdfast.server.rest.Api.problem;
import static io.holdfast.server.rest.Api.session;
import static io.holdfast.server.rest.Api.take;
import static io.restassured.RestAssured.given;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.server.SseClient;
import io.holdfast.server.stream.Admission;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
class EventResourceTest {

    private static final String FUTURE = "2147483646-1";

    @Inject
    Admission streams;

    private static SseClient stream(String query, String lastEventId) throws IOException {
        return new SseClient(URI.create("http://localhost:" + RestAssured.port + "/v1/events" + query), lastEventId);
    }

    private static SseClient.Event change(SseClient stream) throws InterruptedException {
        return stream.next(event -> event.event().equals("change"));
    }

    private static String takeAndRelease(String lock) {
        return takeAndRelease(lock, session());
    }

    private static String takeAndRelease(String lock, String session) {
        String grant = fresh("grant");
        take(grant, session, lock, "0s", "0s").statusCode(201);
        return given().delete("/v1/grants/{id}", grant)
                .then()
                .statusCode(204)
                .extract()
                .header("Holdfast-Revision");
    }

    @Test
    void aStreamSaysWhatIsCommittedFromNowOn() throws Exception {
        String lock = fresh("events/now");
        try (var stream = stream("?prefix=" + lock, null)) {
            assertEquals("text/event-stream", stream.header("Content-Type"));
            assertEquals("no-store", stream.header("Cache-Control"));
            assertTrue(stream.header("Holdfast-Revision").matches("\\d+-\\d+"));
            assertEquals("bookmark", stream.next().event());
            String released = takeAndRelease(lock);

            var granted = change(stream);
            assertEquals(granted.id(), granted.data().get("revision").asText());
            assertEquals("granted", granted.data().at("/changes/0/kind").asText());
            assertEquals(lock, granted.data().at("/changes/0/lock").asText());
            assertTrue(granted.data().at("/changes/0/token").asLong() > 0);
            var gone = change(stream);
            assertThat(released, notBefore(gone.id()));
            assertThat(gone.id(), not(equalTo(granted.id())));
            assertThat(gone.id(), notBefore(granted.id()));
            assertEquals("requested", gone.data().at("/changes/0/cause").asText());
        }
    }

    @Test
    void aStreamGoesOnAfterTheLastIdThatWasReceived() throws Exception {
        String lock = fresh("events/resumed");
        String granted;
        try (var stream = stream("?prefix=" + lock, null)) {
            stream.next();
            takeAndRelease(lock);
            granted = change(stream).id();
        }
        try (var again = stream("?prefix=" + lock + "&since=0-0", granted)) {
            assertEquals("released", change(again).data().at("/changes/0/kind").asText());
        }
    }

    @Test
    void kindsAreAllThatIsSaid() throws Exception {
        String lock = fresh("events/kinds");
        try (var stream = stream("?kinds=released&prefix=" + lock, null)) {
            stream.next();
            takeAndRelease(lock);
            assertEquals("released", change(stream).data().at("/changes/0/kind").asText());
        }
    }

    @Test
    void aHolderIsNamedInTheChangeThatMadeItOneAndInThePresentState() throws Exception {
        String lock = fresh("events/named");
        String session = json("{'ttl':'10m','name':'b\u00e4cker \"1\"'}".replace("\"", "\\\""))
                .post("/v1/sessions")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        try (var stream = stream("?prefix=" + lock, null)) {
            stream.next();
            ask(fresh("grant"), session, "'lock':'" + lock + "','metadata':{'at':'caf\u00e9 \ud83d\udd12'}")
                    .statusCode(201);
            var granted = change(stream).data().at("/changes/0");
            assertEquals("b\u00e4cker \"1\"", granted.get("sessionName").asText());
            assertEquals("caf\u00e9 \ud83d\udd12", granted.at("/metadata/at").asText());
        }
        try (var stream = stream("?since=0-0&prefix=" + lock, null)) {
            var there =
                    stream.next(event -> event.event().matches("sync|change")).data();
            assertEquals("b\u00e4cker \"1\"", there.at("/changes/0/sessionName").asText());
            assertEquals(
                    "caf\u00e9 \ud83d\udd12", there.at("/changes/0/metadata/at").asText());
        }
    }

    @Test
    void aQuietStreamSaysHowFarItIs() throws Exception {
        try (var stream = stream("?prefix=nobody/uses/this", null)) {
            stream.next();
            String revision = takeAndRelease(fresh("events/other"));
            // Those of the time before the release may still be on their way.
            var bookmark = stream.next(event -> {
                assertEquals("bookmark", event.event());
                return notBefore(revision).matches(event.id());
            });
            assertTrue(bookmark.data().get("ageMs").asLong() >= 0);
        }
    }

    @Test
    void aBatchGivesWhatThereIsAndWhereToGoOn() {
        String lock = fresh("events/batch");
        String start = takeAndRelease(fresh("events/other"));
        String end = takeAndRelease(lock);
        var all = batch(start, lock, 1_000)
                .contentType("application/json")
                .header("Holdfast-Revision", notBefore(end))
                .body("events", hasSize(2))
                .body("events.event", contains("change", "change"))
                .body("events[0].data.changes[0].lock", equalTo(lock))
                .body("events.data.changes.flatten().kind", contains("granted", "released"))
                .body("next", notBefore(end))
                .extract()
                .jsonPath();
        String granted = all.getString("events[0].id");
        String released = all.getString("events[1].id");
        assertThat(end, notBefore(released));

        batch(start, lock, 1).body("events.id", contains(granted)).body("next", equalTo(granted));
        batch(granted, lock, 1).body("events.id", contains(released)).body("next", notBefore(released));

        String next = given().accept("application/json")
                .queryParam("since", end)
                .queryParam("prefix", lock)
                .queryParam("poll", "100ms")
                .get("/v1/events")
                .then()
                .statusCode(200)
                .body("events", empty())
                .body("next", notBefore(end))
                .extract()
                .path("next");
        takeAndRelease(lock);
        batch(next, lock, 1_000).body("events.data.changes.flatten().kind", contains("granted", "released"));
    }

    private static ValidatableResponse batch(String since, String prefix, int limit) {
        return given().accept("application/json")
                .queryParam("since", since)
                .queryParam("prefix", prefix)
                .queryParam("limit", limit)
                .get("/v1/events")
                .then()
                .statusCode(200);
    }

    @Test
    void whoeverAsksForMoreThanIsKeptIsGivenThePresentState() {
        String lock = fresh("events/state");
        String grant = fresh("grant");
        take(grant, session(), lock, "0s", "0s").statusCode(201);
        String prefix = fresh("events/filler");
        String session = session();
        for (int i = 0; i < 160; i++) {
            takeAndRelease(prefix, session);
        }
        given().accept("application/json")
                .get("/v1/events?since=0-0&prefix=events/")
                .then()
                .statusCode(200)
                .body("events[0].event", equalTo("reset"))
                .body("events[0].data.since", equalTo("0-0"))
                .body("events[1].event", equalTo("sync"))
                .body("events.data.changes.flatten().grant", hasItem(grant))
                .body("events.find { it.event == 'live' }.id", matchesPattern("\\d+-\\d+"));
    }

    @Test
    void aCutConnectionLeavesNothingBehind() throws Exception {
        // Those of earlier tests may still be closing.
        eventually("the streams of earlier tests are over", () -> streams.open() == 0);
        var stream = stream("", null);
        stream.next();
        assertEquals(1, streams.open());
        stream.close();
        eventually("the stream is over", () -> streams.open() == 0);
    }

    @Test
    void theHeadOfAStreamHasNoBody() {
        given().head("/v1/events").then().statusCode(200).contentType(startsWith("text/event-stream"));
    }

    @Test
    void aMediaTypeThatIsNotGivenIsRefused() {
        problem(given().accept("text/html").get("/v1/events").then(), 406, "not-acceptable");
    }

    @ParameterizedTest
    @CsvSource({
        "since, 1,          must be a revision: epoch-counter in decimal as Holdfast-Revision gives it",
        "since, 99999999999-1, must be a revision: epoch-counter in decimal as Holdfast-Revision gives it",
        "kinds, 'granted,taken', must be some of",
        "kinds, 'granted,', must be some of",
        "prefix, /a,        must be the beginning of a lock name",
        "limit, 0,          must be a whole number",
        "limit, 1001,       must be a whole number",
        "poll, 56s,         must be a duration",
        "nothing, 1,        is not a query parameter of this call"
    })
    void whatCannotBeMeantIsRefusedWithItsField(String field, String value, String message) {
        problem(given().queryParam(field, value).get("/v1/events").then(), 400, "invalid-request")
                .body("violations[0].field", equalTo(field))
                .body("violations[0].message.replace(',', '')", startsWith(message.replace(",", "")));
    }

    @Test
    void aRevisionOfTheFutureIsRefusedWithItsField() {
        problem(given().get("/v1/events?since=" + FUTURE).then(), 400, "invalid-request")
                .body("violations[0].field", equalTo("since"))
                .body("violations[0].message", startsWith(FUTURE + " is ahead"));
        problem(given().header("Last-Event-ID", FUTURE).get("/v1/events").then(), 400, "invalid-request")
                .body("violations[0].field", equalTo("Last-Event-ID"));
        problem(given().header("Last-Event-ID", "x").get("/v1/events").then(), 400, "invalid-request")
                .body("violations[0].field", equalTo("Last-Event-ID"));
    }
}
