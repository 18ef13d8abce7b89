package io.holdfast.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    private static final String GRANT =
            "{\"id\":\"g\",\"lock\":\"a\",\"mode\":\"exclusive\",\"state\":\"granted\",\"token\":7,"
                    + "\"session\":\"3-1\",\"waitMs\":0,\"metadata\":{\"a\" : [1.0, {\"b\":null}]}}";

    @Test
    void metadataIsTheTextThatStandsThere() throws Exception {
        GrantBody grant = read(GRANT);
        assertEquals("{\"a\" : [1.0, {\"b\":null}]}", grant.metadata().json());
        assertEquals(GRANT, new String(Json.write(grant), StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "[]",
                "7",
                "{",
                "{\"id\":\"g\"}",
                "nonsense",
                "<html></html>",
            })
    void whatIsNoGrantIsRefused(String document) {
        assertThrows(MalformedJsonException.class, () -> read(document));
    }

    @Test
    void aWrongTypeADuplicateAndANumberOutOfRangeAreRefused() {
        for (String wrong : List.of(
                GRANT.replace("\"token\":7", "\"token\":\"7\""),
                GRANT.replace("\"token\":7", "\"token\":7.0"),
                GRANT.replace("\"token\":7", "\"token\":0"),
                GRANT.replace("\"token\":7", "\"token\":-7"),
                GRANT.replace("\"token\":7", "\"token\":9007199254740992"),
                GRANT.replace("\"token\":7", "\"token\":99999999999999999999999"),
                GRANT.replace("\"token\":7", "\"token\":7,\"token\":8"),
                GRANT.replace("\"waitMs\":0", "\"waitMs\":-1"),
                GRANT.replace("\"waitMs\":0", "\"waitMs\":NaN"),
                GRANT.replace("\"waitMs\":0", "\"waitMs\":null"),
                GRANT.replace("\"id\":\"g\"", "\"id\":{}"),
                GRANT.replace("\"metadata\":{", "\"metadata\":[{").replace("}}", "}]}"),
                GRANT + "x",
                GRANT + GRANT,
                GRANT.substring(0, GRANT.length() - 1))) {
            assertThrows(MalformedJsonException.class, () -> read(wrong), wrong);
        }
    }

    @Test
    void aRequestIsReadToTheLetterAndWhatIsWrongIsNamed() {
        for (String[] row : new String[][] {
            {
                "{\"lock\":\"a\",\"waitFor\":\"5s\"}",
                "waitFor",
                "is not a field of this body; it has limit, lock, locks, "
            },
            {
                "{\"locks\":[{\"name\":\"a\"},{\"nam\":\"b\"}]}",
                "locks[1].nam",
                "is not a field of this body; it has limit, mode"
            },
            {"{\"session\":7}", "session", "must be a string (line 1, column 12)"},
            {"{\"locks\":[null]}", "locks[0]", "must be a JSON object"},
            {"{\"locks\":{}}", "locks", "must be an array"},
            {"{\"permits\":1.5}", "permits", "must be a whole number"},
            {"{\"permits\":\"1\"}", "permits", "must be a whole number"},
            {"{\"permits\":99999999999999999999}", "permits", "must be a whole number of 63 bits"},
            {"{\"metadata\":[]}", "metadata", "must be a JSON object"},
            {"{\"metadata\":{\"a\":1,\"a\":2}}", "metadata", "cannot be read (line 1, column "},
            {"{\"metadata\":{\"a\":" + "[".repeat(Json.REQUEST_DEPTH_MAX), "metadata", "cannot be read"},
            {"{\"lock\":\"a\",\"lock\":\"a\"}", "", "must be one JSON value (line 1, column "},
            {"{\n \"lock\":}", "", "must be one JSON value (line 2, column "},
            {"{} {}", "", "must be one JSON value"},
            {"[]", "", "must be a JSON object"}
        }) {
            MalformedJsonException wrong = assertThrows(MalformedJsonException.class, () -> request(row[0]), row[0]);
            assertEquals(row[1], wrong.field(), row[0]);
            assertTrue(wrong.problem().startsWith(row[2]), wrong::problem);
        }
    }

    @Test
    void whatARequestLacksIsLeftToItsReceiver() throws Exception {
        GrantRequest request = request("{\"permits\":9999999999,\"limit\":-9999999999,\"mode\":null}");
        assertNull(request.session());
        assertNull(request.mode());
        assertEquals(Integer.MAX_VALUE, request.permits());
        assertEquals(Integer.MIN_VALUE, request.limit());
    }

    @Test
    void metadataOfARequestBecomesCompactToTheLastDigit() throws Exception {
        String given = "{ \"a\" : [ 1.50, 1e400, 123456789012345678901234567890.10, \"\\u00e4\\n\" ], \"b\" : { } }";
        assertEquals(
                "{\"a\":[1.50,1E+400,123456789012345678901234567890.10,\"\u00e4\\n\"],\"b\":{}}",
                request("{\"metadata\":" + given + ",\"lock\":\"a\"}")
                        .metadata()
                        .json());
        assertEquals("a", request("{\"metadata\":" + given + ",\"lock\":\"a\"}").lock());
    }

    @Test
    void theDeepestMetadataOfARequestIsReadInEveryAnswer() throws Exception {
        int deep = Json.REQUEST_DEPTH_MAX - 2;
        String metadata = "{\"a\":" + "[".repeat(deep) + "]".repeat(deep) + "}";
        request("{\"metadata\":" + metadata + "}");
        String item = "{\"grant\":\"g\",\"session\":\"3-1\",\"sessionName\":\"\",\"token\":7,\"mode\":\"shared\","
                + "\"metadata\":"
                + metadata + "}";
        String lock = "{\"name\":\"a\",\"mode\":\"shared\",\"limit\":1,\"holders\":[" + item
                + "],\"used\":1,\"waiters\":[],\"waiting\":0,\"delayMs\":0,\"revision\":\"3-1\"}";
        byte[] page = ("{\"locks\":[" + lock + "]}").getBytes(StandardCharsets.UTF_8);
        assertEquals(1, Json.read(page, LockPage::read).locks().size());
    }

    private static GrantRequest request(String document) throws MalformedJsonException {
        return Json.readRequest(document.getBytes(StandardCharsets.UTF_8), GrantRequest::read);
    }

    @Test
    void depthAndLengthHaveBounds() {
        String deep = "[".repeat(Json.DEPTH_MAX) + "]".repeat(Json.DEPTH_MAX);
        assertThrows(MalformedJsonException.class, () -> read(GRANT.replace("\"id\"", "\"x\":" + deep + ",\"id\"")));
        String longText = "x".repeat(Json.TEXT_CHARS_MAX + 1);
        assertThrows(MalformedJsonException.class, () -> read(GRANT.replace("\"g\"", "\"" + longText + "\"")));
        byte[] huge = new byte[Json.DOCUMENT_BYTES_MAX + 1];
        assertThrows(MalformedJsonException.class, () -> Json.read(huge, GrantBody::read));
    }

    @Test
    void whateverBytesComeAreReadOrRefused() throws Exception {
        Random random = new Random(11);
        int read = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = GRANT.getBytes(StandardCharsets.UTF_8);
            for (int hit = random.nextInt(3); hit >= 0; hit--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                assertNotNull(Json.read(bytes, GrantBody::read).id());
                read++;
            } catch (MalformedJsonException e) {
                assertNotNull(e.getMessage());
            }
        }
        assertTrue(read > 100, "hardly any document was read, so this tests the parser only: " + read);
    }

    @Test
    void metadataIsAnObjectOfBoundedLength() {
        assertEquals("{\"a\":1}", Metadata.of("{\"a\":1}").json());
        Stream.of("", "1", "[]", "null", "{", "{}{}", "{\"a\":\"" + "x".repeat(Metadata.BYTES_MAX) + "\"}")
                .forEach(wrong -> assertThrows(IllegalArgumentException.class, () -> Metadata.of(wrong), wrong));
    }

    private static GrantBody read(String document) throws MalformedJsonException {
        return Json.read(document.getBytes(StandardCharsets.UTF_8), GrantBody::read);
    }
}
