package io.holdfast.server.caller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.server.config.AuthConfig;
import io.holdfast.server.config.BadConfiguration;
import io.holdfast.server.config.HoldfastConfig;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings of issuers, and issuers that answer over HTTP as they should and as they should not. */
class AuthenticationSettingsTest {

    private static final Vertx VERTX = Vertx.vertx();
    private static final String CORP = "holdfast.auth.issuers.corp.";

    @AfterAll
    static void close() {
        VERTX.close();
    }

    private static AuthConfig config(Map<String, String> values) {
        return new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withConverter(MemorySize.class, 200, new MemorySizeConverter())
                .withDefaultValues(values)
                .withMapping(HoldfastConfig.class)
                .build()
                .getConfigMapping(HoldfastConfig.class)
                .auth();
    }

    @ParameterizedTest
    @CsvSource({
        "corp.audience=a, holdfast.auth.issuers.corp: takes either url or jwks-file",
        "corp.url=https://x, holdfast.auth.issuers.corp.audience: must be set",
        "corp.audience=a corp.url=https://x corp.jwks-file=y, holdfast.auth.issuers.corp: takes either",
        "corp.audience=a corp.jwks-file=none, holdfast.auth.issuers.corp.jwks-file: the file none is not there",
        "corp.audience=a corp.url=http://x, holdfast.auth.issuers.corp.url: 'http://x' must be an https URL",
        "corp.audience=a corp.url=https://x/, holdfast.auth.issuers.corp.url: 'https://x/' must be",
        "corp.audience=a corp.url=https://me@x, holdfast.auth.issuers.corp.url: 'https://me@x' must be",
        "corp.audience=a corp.url=https://x corp.ca=none, holdfast.auth.issuers.corp.ca: the file none is not",
        "k8s.audience=a k8s.url=https://x, holdfast.auth.issuers.k8s: the name of an issuer is",
        "A.audience=a A.url=https://x, holdfast.auth.issuers.A: the name of an issuer is",
        "a.audience=a a.url=https://x b.audience=a b.url=https://x, holdfast.auth.issuers.b: has the same issuer"
    })
    void aSettingThatIsWrongIsNamed(String settings, String says) {
        Map<String, String> values = new HashMap<>();
        for (String setting : settings.split(" ")) {
            values.put("holdfast.auth.issuers." + setting.split("=")[0], setting.split("=")[1]);
        }
        BadConfiguration refused =
                assertThrows(BadConfiguration.class, () -> AuthenticationSettings.issuers(config(values), VERTX));
        assertTrue(refused.getMessage().startsWith(says), refused.getMessage());
    }

    /** Has an issuer answer, and a token of it checked. */
    private static String checked(TestIssuer keys, Consumer<HttpServerRequest> answers, AtomicReference<String> url)
            throws Exception {
        HttpServer server =
                await(VERTX.createHttpServer().requestHandler(answers::accept).listen(0, "127.0.0.1"));
        try {
            url.set("http://127.0.0.1:" + server.actualPort());
            List<TokenIssuer> issuers = AuthenticationSettings.issuers(
                    config(Map.of(CORP + "url", url.get(), CORP + "audience", TestIssuer.AUDIENCE)), VERTX);
            long now = System.currentTimeMillis();
            var claims = keys.claims("ann", now);
            claims.setIssuer(url.get());
            String token = TestIssuer.sign(claims, keys.rsa, "RS256", signed -> {});
            return await(new Tokens(VERTX, issuers, () -> now).check(token)).principal();
        } catch (ExecutionException e) {
            return ((Denied) e.getCause()).reason().name();
        } finally {
            await(server.close());
        }
    }

    private static <T> T await(io.vertx.core.Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private static String discovery(String issuer, String jwks) {
        return "{\"issuer\":\"" + issuer + "\",\"jwks_uri\":\"" + jwks + "\"}";
    }

    @Test
    void theKeysOfAnIssuerAreFoundByDiscovery() throws Exception {
        TestIssuer keys = new TestIssuer("");
        AtomicReference<String> url = new AtomicReference<>("");
        assertEquals(
                "jwt:corp:ann",
                checked(
                        keys,
                        request -> request.response()
                                .end(
                                        request.path().equals(HttpKeySource.WELL_KNOWN)
                                                ? discovery(url.get(), url.get() + "/keys")
                                                : keys.jwks()),
                        url));
    }

    @Test
    void theKeysOfKubernetesComeFromTheApiServerThatIsAskedAndItsTokenGoesNowhereElse(@TempDir Path directory)
            throws Exception {
        Path token = Files.writeString(directory.resolve("token"), "of-the-pod\n");
        HttpServer server = VERTX.createHttpServer().requestHandler(request -> {
            if (!"Bearer of-the-pod".equals(request.getHeader("Authorization"))) {
                request.response().setStatusCode(401).end();
            } else if (request.path().equals(HttpKeySource.WELL_KNOWN)) {
                request.response().end(discovery("https://kubernetes.local", "https://192.0.2.1:6443/openid/v1/jwks"));
            } else if (request.path().equals("/openid/v1/jwks")) {
                request.response().end("{\"keys\":[]}");
            } else {
                request.response().setStatusCode(404).end();
            }
        });
        int port = await(server.listen(0, "127.0.0.1")).actualPort();
        try {
            var terms = new HttpKeySource.Terms("http://127.0.0.1:" + port, false, null, token);
            KeySource.Fetched fetched = await(new HttpKeySource(VERTX, terms).fetch());
            assertEquals("https://kubernetes.local", fetched.issuer());
            assertEquals("{\"keys\":[]}", fetched.keys());
        } finally {
            await(server.close());
        }
    }

    @Test
    void anIssuerThatAnswersWronglyMakesTokensUnavailable() throws Exception {
        TestIssuer keys = new TestIssuer("");
        AtomicReference<String> url = new AtomicReference<>("");
        List<Consumer<HttpServerRequest>> wrong = List.of(
                request -> request.response().end(discovery("https://other.example", url.get() + "/keys")),
                request -> request.response().end(discovery(url.get(), "file:///keys")),
                request -> request.response().end(discovery(url.get(), "http://keys.example/keys")),
                request -> request.response().end("<html>"),
                request -> request.response().setStatusCode(500).end(),
                request -> request.response()
                        .setStatusCode(302)
                        .putHeader("Location", url.get() + "/moved")
                        .end(),
                request -> request.response().end("x".repeat(300 << 10)),
                request -> request.connection().close(),
                request -> request.response()
                        .end(
                                request.path().equals(HttpKeySource.WELL_KNOWN)
                                        ? discovery(url.get(), url.get() + "/keys")
                                        : "{\"keys\":[]}"));
        for (int i = 0; i < wrong.size(); i++) {
            assertEquals("AUTH_UNAVAILABLE", checked(keys, wrong.get(i), url), "answer " + i);
        }
    }
}
