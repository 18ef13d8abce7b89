package io.holdfast.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
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
