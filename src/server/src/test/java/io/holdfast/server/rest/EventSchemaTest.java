package io.holdfast.server.rest;

import static io.holdfast.server.rest.Api.ask;
import static io.holdfast.server.rest.Api.fresh;
import static io.holdfast.server.rest.Api.json;
import static io.holdfast.server.rest.Api.session;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import io.holdfast.server.SseClient;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.net.URI;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What the event calls answer is what the API description says they answer, and nothing besides. */
@QuarkusTest
class EventSchemaTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String lock = fresh("schema");

    /** Has most kinds of changes happen to the lock. */
    private void work() {
        String owner = session();
        String holder = fresh("holder");
        String next = fresh("next");
        ask(holder, owner, "'lock':'" + lock + "'").statusCode(201);
        ask(next, session(), "'lock':'" + lock + "','wait':'5m'").statusCode(202);
        json("{'to':'" + next + "','drain':'5m'}").post("/v1/grants/{id}/transfer", holder);
        json("{'grant':'" + holder + "','reason':'x','after':'1h'}").post("/v1/locks/{name}/-/break", lock);
        given().header("If-Match", given().get("/v1/grants/{id}", holder).header("ETag"))
                .delete("/v1/grants/{id}?to={to}", holder, next);
        String tag = given().get("/v1/grants/{id}", next).header("ETag");
        json("{'mode':'shared'}").header("If-Match", tag).patch("/v1/grants/{id}", next);
        json("{'mode':'exclusive'}").header("If-Match", tag).patch("/v1/grants/{id}", next);
        json("{'grant':'" + next + "','reason':'x'}").post("/v1/locks/{name}/-/break", lock);
    }

    @Test
    void batchesAreAsDescribed() throws IOException {
        String before = given().get("/v1/locks/{name}", lock).header("Holdfast-Revision");
        work();
        JsonNode batch = JSON.readTree(given().accept("application/json")
                .get("/v1/events?prefix={lock}&since={since}&poll=30s", lock, before)
                .asString());
        assertEquals(Set.of(), EventSchemas.schema("EventBatch").validate(batch), batch::toString);
        Set<String> kinds = new TreeSet<>(batch.findValuesAsText("kind"));
        assertTrue(
                kinds.containsAll(Set.of(
                        "granted",
                        "waiting",
                        "transferred",
                        "yield-requested",
                        "break-announced",
                        "broken",
                        "upgraded",
                        "downgraded")),
                kinds::toString);
        ((ObjectNode) batch.at("/events/0/data/changes/0")).put("color", "red");
        assertFalse(EventSchemas.schema("EventBatch").validate(batch).isEmpty(), "the schema refuses nothing");
    }

    @Test
    void messagesOfAStreamAreAsDescribed() throws Exception {
        JsonSchema content = EventSchemas.schema("EventContent");
        Set<String> seen = new TreeSet<>();
        work();
        URI stream = URI.create("http://localhost:" + RestAssured.port + "/v1/events?since=0-0");
        try (SseClient events = new SseClient(stream, null)) {
            for (SseClient.Event event = events.next(); !seen.contains("bookmark"); event = events.next()) {
                assertEquals(Set.of(), content.validate(event.data()), event::toString);
                seen.add(event.event());
            }
        }
        assertTrue(seen.contains("change") || seen.contains("sync"), seen::toString);
    }
}
