package io.holdfast.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/** The records read every example of the API description, and write it as it was. */
class OpenApiExamplesTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** What reads a schema of the description. */
    private static final Map<String, Json.Reader<? extends Json.Writable>> READERS = Map.ofEntries(
            Map.entry("BreakingRequest", BreakingRequest::read),
            Map.entry("CheckBody", CheckBody::read),
            Map.entry("CheckRequest", CheckRequest::read),
            Map.entry("ClusterBody", ClusterBody::read),
            Map.entry("AccessKeyBody", AccessKeyBody::read),
            Map.entry("AccessKeyList", AccessKeyList::read),
            Map.entry("NewAccessKey", NewAccessKey::read),
            Map.entry("AclBinding", AclBinding::read),
            Map.entry("AclBody", AclBody::read),
            Map.entry("AclCheck", AclCheck::read),
            Map.entry("AclLimit", AclLimit::read),
            Map.entry("AclMode", AclMode::read),
            Map.entry("AclPolicy", AclPolicy::read),
            Map.entry("AclVerdict", AclVerdict::read),
            Map.entry("EventBatch", EventBatch::read),
            Map.entry("GrantBody", GrantBody::read),
            Map.entry("GrantRequest", GrantRequest::read),
            Map.entry("Keepalive", Keepalive::read),
            Map.entry("KeepaliveOfMany", KeepaliveOfMany::read),
            Map.entry("KeepalivesOfMany", KeepalivesOfMany::read),
            Map.entry("LimitRequest", LimitRequest::read),
            Map.entry("LockBody", LockBody::read),
            Map.entry("LockPage", LockPage::read),
            Map.entry("MemberPatch", MemberPatch::read),
            Map.entry("MembersChange", MembersChange::read),
            Map.entry("ModeRequest", ModeRequest::read),
            Map.entry("NewMember", NewMember::read),
            Map.entry("OpenedSession", OpenedSession::read),
            Map.entry("Problem", Problem::read),
            Map.entry("SessionBody", SessionBody::read),
            Map.entry("SessionOpening", SessionOpening::read),
            Map.entry("SessionPage", SessionPage::read),
            Map.entry("Snapshot", Snapshot::read),
            Map.entry("Successor", Successor::read),
            Map.entry("TransferRequest", TransferRequest::read),
            Map.entry("Whoami", Whoami::read),
            Map.entry("WhyBody", WhyBody::read));

    private static JsonNode api;

    @BeforeAll
    static void load() throws IOException {
        // Instants stay the text that they are in JSON.
        Resolver resolver = new Resolver() {
            @Override
            public void addImplicitResolver(Tag tag, java.util.regex.Pattern regexp, String first, int limit) {
                if (!tag.equals(Tag.TIMESTAMP)) {
                    super.addImplicitResolver(tag, regexp, first, limit);
                }
            }
        };
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(16 << 20);
        options.setMaxAliasesForCollections(100_000);
        var dumper = new org.yaml.snakeyaml.DumperOptions();
        Yaml yaml = new Yaml(new SafeConstructor(options), new Representer(dumper), dumper, options, resolver);
        api = JSON.valueToTree(yaml.load(Files.readString(root().resolve("docs/openapi.yaml"))));
    }

    @Test
    void everyExampleIsReadAndWrittenAsItWas() throws IOException {
        int examples = 0;
        TreeSet<String> seen = new TreeSet<>();
        for (JsonNode content : contents("application/json", "application/problem+json")) {
            String schema = content.path("schema").path("$ref").asText().replace("#/components/schemas/", "");
            for (JsonNode example : content.path("examples")) {
                JsonNode value = example.path("value");
                assertEquals(value, roundTrip(schema, value), schema);
                seen.add(schema);
                examples++;
            }
        }
        assertTrue(examples > 400, "the search of the description found " + examples + " examples only");
        assertEquals(new TreeSet<>(READERS.keySet()), seen, "schemas with an example");
    }

    @Test
    void aFieldThatIsNotKnownIsSkippedWhateverItHas() throws IOException {
        for (JsonNode content : contents("application/json", "application/problem+json")) {
            String schema = content.path("schema").path("$ref").asText().replace("#/components/schemas/", "");
            for (JsonNode example : content.path("examples")) {
                JsonNode value = example.path("value");
                assertEquals(value, roundTrip(schema, withUnknownFields(value.deepCopy())), schema);
            }
        }
    }

    @Test
    void everyFieldOfASchemaIsOneOfItsRecord() {
        Map<String, List<String>> missing = new LinkedHashMap<>();
        api.at("/components/schemas").properties().forEach(schema -> {
            List<String> fields = new ArrayList<>();
            schema.getValue().path("properties").fieldNames().forEachRemaining(fields::add);
            fields.removeAll(componentsOf(schema.getKey()));
            if (!fields.isEmpty()) {
                missing.put(schema.getKey(), fields);
            }
        });
        assertEquals(Map.of(), missing, "fields that the records do not have");
    }

    @Test
    void theMessagesOfStreamsAreRead() throws IOException {
        int messages = 0;
        for (JsonNode content : contents("text/event-stream")) {
            for (JsonNode example : content.path("examples")) {
                SseParser parser = new SseParser();
                for (String line : example.path("value").asText().split("\n", -1)) {
                    SseMessage message = parser.line(line);
                    if (message != null) {
                        boolean events = List.of("change", "bookmark").contains(message.event());
                        Json.Reader<? extends Json.Writable> reader =
                                events ? EventBatch.Content::read : AttachMessage::read;
                        byte[] data = message.data().getBytes(java.nio.charset.StandardCharsets.UTF_8);
                        assertEquals(JSON.readTree(data), JSON.readTree(Json.write(Json.read(data, reader))));
                        messages++;
                    }
                }
            }
        }
        assertEquals(5, messages);
    }

    @Test
    void everyProblemOfThePageIsATypeWithItsStatus() throws IOException {
        String page = Files.readString(root().resolve("docs/problems.md"));
        Map<String, Integer> described = Stream.of(page.split("\n## "))
                .skip(1)
                .collect(Collectors.toMap(
                        section -> section.lines().findFirst().orElseThrow(),
                        section -> Integer.parseInt(section.lines()
                                .skip(2)
                                .findFirst()
                                .orElseThrow()
                                .substring(0, 3))));
        Map<String, Integer> known =
                Stream.of(ProblemType.values()).collect(Collectors.toMap(ProblemType::slug, ProblemType::status));
        assertEquals(described, known);
        known.keySet()
                .forEach(slug ->
                        assertEquals(slug, ProblemType.of(slug).orElseThrow().slug()));
        assertTrue(ProblemType.of("of-tomorrow").isEmpty());
    }

    private static JsonNode roundTrip(String schema, JsonNode value) throws IOException {
        Json.Reader<? extends Json.Writable> reader = READERS.get(schema);
        assertTrue(reader != null, () -> "no record for the schema " + schema);
        return JSON.readTree(Json.write(Json.read(JSON.writeValueAsBytes(value), reader)));
    }

    /** Adds to every object but those whose fields are names that clients choose. */
    private static JsonNode withUnknownFields(JsonNode value) {
        if (value instanceof ObjectNode object) {
            object.properties().forEach(field -> {
                if (!List.of("metadata", "policies").contains(field.getKey())) {
                    withUnknownFields(field.getValue());
                }
            });
            object.putObject("ofTomorrow").putArray("list").addObject().put("deep", 1.5e300);
            object.putNull("nothing");
        } else if (value instanceof ArrayNode list) {
            list.forEach(OpenApiExamplesTest::withUnknownFields);
        }
        return value;
    }

    private static List<String> componentsOf(String schema) {
        String type = switch (schema) {
            case "Alarm", "Configuration", "Member", "Peer", "Tls" -> "ClusterBody$" + schema;
            case "Change", "Event" -> "EventBatch$" + schema;
            case "EventContent" -> "EventBatch$Content";
            case "HeldLock" -> "GrantBody$HeldLock";
            case "Holder", "Waiter" -> "LockBody$" + schema;
            case "WhyLine" -> "WhyBody$Line";
            case "WhyOther" -> "WhyBody$Other";
            default -> schema;
        };
        try {
            return Stream.of(Class.forName("io.holdfast.api." + type).getRecordComponents())
                    .map(component -> component.getName().equals("waitFor") ? "wait" : component.getName())
                    .toList();
        } catch (ClassNotFoundException e) {
            throw new AssertionError("no record for the schema " + schema, e);
        }
    }

    private static List<JsonNode> contents(String... mediaTypes) {
        List<JsonNode> found = new ArrayList<>();
        for (JsonNode content : api.findValues("content")) {
            for (String type : mediaTypes) {
                if (content.has(type)) {
                    found.add(content.get(type));
                }
            }
        }
        return found;
    }

    private static Path root() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(directory.resolve(".mvn"))) {
            directory = directory.getParent();
        }
        return directory;
    }
}
