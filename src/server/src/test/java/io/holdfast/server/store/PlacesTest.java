package io.holdfast.server.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlacesTest {

    private static final S3Settings AWS = new S3Settings(null, "eu-central-1", false);

    @TempDir
    Path temp;

    @Test
    void aFileIsNamedByAPathOrAUrl() {
        assertEquals(
                "/backup/orders/1.backup",
                Places.open("/backup/orders/1.backup", AWS).location());
        assertEquals("/backup/a b", Places.open("file:///backup/a%20b", AWS).location());
        String named = Places.open("orders-02:30.backup", AWS).location();
        assertTrue(named.endsWith("/orders-02:30.backup"), named);
        assertFalse(Places.isObject("/s3/x"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3://bucket",
                "s3://bucket/",
                "s3://bucket/a/",
                "s3://B/key",
                "s3:/bucket/key",
                "http://store/key",
                "gs://bucket/key",
                "S3://bucket/key",
                "file:relative"
            })
    void whatIsNoPlaceIsRefused(String text) {
        var refused = assertThrows(IllegalArgumentException.class, () -> Places.open(text, AWS));
        assertTrue(refused.getMessage().contains(text), refused::getMessage);
    }

    @Test
    void theEnvironmentSaysWhatIsNotGiven() {
        S3Settings own = S3Settings.of("http://10.0.0.9:9000", null, null, Map.of("AWS_ENDPOINT_URL", "http://other"));
        assertEquals(new S3Settings(URI.create("http://10.0.0.9:9000"), "us-east-1", true), own);
        S3Settings said = S3Settings.of(
                null, null, "false", Map.of("AWS_ENDPOINT_URL_S3", "https://s3.example.org", "AWS_REGION", "eu-1"));
        assertEquals(new S3Settings(URI.create("https://s3.example.org"), "eu-1", false), said);
        S3Settings aws = S3Settings.of(null, null, null, Map.of("AWS_ENDPOINT_URL", " "));
        assertNull(aws.endpoint());
        assertNull(aws.region());
        assertFalse(aws.pathStyle());
        for (String endpoint : new String[] {"s3.example.org", "ftp://a", "http://a/path", "http://"}) {
            assertThrows(IllegalArgumentException.class, () -> S3Settings.of(endpoint, null, null, Map.of()));
        }
        assertThrows(IllegalArgumentException.class, () -> S3Settings.of(null, "Frankfurt!", null, Map.of()));
        assertThrows(IllegalArgumentException.class, () -> S3Settings.of(null, null, "yes", Map.of()));
    }
}
