package io.holdfast.server.rest;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;

/** The schemas of the API description, read strictly: what they do not name is refused. */
final class EventSchemas {

    private static final ObjectMapper JSON = new ObjectMapper();

    private EventSchemas() {}

    static JsonSchema schema(String name) {
        try {
            JsonNode api = JSON.readTree(given().get("/q/openapi?format=json").asString());
            for (JsonNode schema : api.at("/components/schemas")) {
                if (schema.has("properties")) {
                    ((ObjectNode) schema).put("additionalProperties", false);
                }
            }
            ObjectNode root = JSON.createObjectNode().put("$ref", "#/components/schemas/" + name);
            root.set("components", api.get("components"));
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                    .getSchema(root);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void requireAsDescribed(String name, String document) {
        try {
            assertEquals(Set.of(), schema(name).validate(JSON.readTree(document)), document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
