package io.holdfast.server.rest;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

@QuarkusTest
class OpenApiTest {

    private static final Path PAGE = Path.of("../../docs/openapi.yaml");

    @Test
    void theDescriptionInTheDocumentationIsTheOneThatIsServed() throws IOException {
        String served =
                given().get("/q/openapi").then().statusCode(200).extract().asString();
        if (Boolean.getBoolean("docs.write")) {
            Files.writeString(PAGE, served);
        }
        assertEquals(Files.readString(PAGE), served, "run the tests with -Ddocs.write=true and read the change");
    }

    @Test
    void everyCallIsDescribedWithItsProblemsHeadersAndAnExample() throws IOException {
        JsonNode api = new ObjectMapper()
                .readTree(given().get("/q/openapi?format=json").asString());
        var missing = new ArrayList<String>();
        for (var path : api.get("paths").properties()) {
            for (var call : path.getValue().properties()) {
                String name = call.getKey() + " " + path.getKey();
                if (call.getValue().path("summary").asText().isEmpty()) {
                    missing.add(name + ": summary");
                }
                call.getValue().get("responses").properties().forEach(answer -> {
                    if (!answer.getValue().at("/headers").has("Holdfast-Revision")) {
                        missing.add(name + " " + answer.getKey() + ": headers");
                    }
                    boolean bare = List.of("204", "304").contains(answer.getKey());
                    JsonNode content = answer.getValue().path("content");
                    if (!bare && content.findValues("examples").isEmpty()) {
                        missing.add(name + " " + answer.getKey() + ": example");
                    }
                    if (!bare && answer.getKey().charAt(0) > '2' && !content.has("application/problem+json")) {
                        missing.add(name + " " + answer.getKey() + ": problem");
                    }
                });
            }
        }
        assertEquals(List.of(), missing);
    }

    @Test
    void whatIsDescribedIsWhatTheGateLetsThrough() throws IOException {
        JsonNode api = new ObjectMapper()
                .readTree(given().get("/q/openapi?format=json").asString());
        var described = new TreeSet<String>();
        for (var path : api.get("paths").properties()) {
            for (var call : path.getValue().properties()) {
                var query = new TreeSet<String>();
                call.getValue().path("parameters").forEach(parameter -> {
                    if (parameter.path("in").asText().equals("query")) {
                        query.add(parameter.get("name").asText());
                    }
                });
                described.add(call.getKey().toUpperCase(java.util.Locale.ROOT) + " " + path.getKey() + " " + query);
            }
        }
        var served = new TreeSet<String>();
        new ApiRoutes()
                .all()
                .forEach(route -> route.methods()
                        .forEach((method, call) -> served.add(
                                method + " " + route.template().replaceAll(": ?\\.\\+", "") + " " + call.query())));
        assertEquals(served, described);
    }

    @Test
    void thePageThatTriesCallsOutIsServedOnlyWhereSomebodyAskedForIt() {
        given().get("/q/swagger-ui/").then().statusCode(404);
    }
}
