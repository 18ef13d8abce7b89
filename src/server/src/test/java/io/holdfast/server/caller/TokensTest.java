package io.holdfast.server.caller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.HmacKey;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tokens of real issuers with real keys, good ones and such that have each fault there is. */
class TokensTest {

    private static final Vertx VERTX = Vertx.vertx();
    private static final TestIssuer CORP = new TestIssuer("https://corp.example");
    private static final TestIssuer OTHER = new TestIssuer("https://other.example");
    private static final long NOW = 1_800_000_000_000L;
    private static final long SECOND = 1_000_000_000L;

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger fetches = new AtomicInteger();
    private volatile String jwks = CORP.jwks();
    private volatile boolean down;
    private Tokens tokens = new Tokens(VERTX, List.of(), () -> NOW);

    @AfterAll
    static void close() {
        VERTX.close();
    }

    @BeforeEach
    void begin() {
        tokens = new Tokens(
                VERTX,
                List.of(
                        issuer("corp", CORP, this::fetch),
                        issuer(
                                "other",
                                OTHER,
                                () -> Future.succeededFuture(new KeySource.Fetched(null, OTHER.jwks())))),
                () -> NOW);
    }

    private Future<KeySource.Fetched> fetch() {
        fetches.incrementAndGet();
        return down
                ? Future.failedFuture(new KeysUnavailable("https://corp.example is down"))
                : Future.succeededFuture(new KeySource.Fetched(null, jwks));
    }

    private TokenIssuer issuer(String name, TestIssuer issuer, KeySource source) {
        return new TokenIssuer(
                new TokenIssuer.Terms(name, issuer.url, TestIssuer.AUDIENCE, TokenIssuer.jwt(name, "sub", "groups")),
                new IssuerKeys("holdfast.auth.issuers." + name, source, nanos::get));
    }

    private Caller check(String token) throws Exception {
        try {
            return tokens.check(token).toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw (Exception) e.getCause();
        }
    }

    private Denied denied(String token) {
        Denied denied = assertThrows(Denied.class, () -> check(token));
        assertFalse(token.length() > 20 && denied.getMessage().contains(token.substring(0, 20)), denied.getMessage());
        return denied;
    }

    @Test
    void aTokenOfEachAlgorithmMakesACaller() throws Exception {
        for (String algorithm : List.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")) {
            String token = TestIssuer.sign(CORP.claims("ann", NOW), CORP.rsa, algorithm, signed -> {});
            assertEquals("jwt:corp:ann", check(token).principal(), algorithm);
        }
        String token = TestIssuer.sign(CORP.claims("ann", NOW), CORP.ec, "ES256", signed -> {});
        assertEquals("jwt:corp:ann", check(token).principal());
        assertEquals(1, fetches.get());
    }

    @Test
    void aCallerHasTheGroupsAndTheEndOfItsToken() throws Exception {
        JwtClaims claims = CORP.claims("ann", NOW);
        claims.setStringListClaim("groups", "ops", "dev");
        Caller caller = check(TestIssuer.sign(claims, CORP.rsa, "RS256", signed -> {}));

        assertEquals(List.of("corp:ops", "corp:dev"), caller.groups());
        assertEquals(NOW + 600_000 + TokenIssuer.LEEWAY_SECONDS * 1_000L, caller.until());
        assertEquals("id-ann", caller.credential());
    }

    @Test
    void twoIssuersWithOneSubjectAreTwoPrincipals() throws Exception {
        assertEquals("jwt:corp:ann", check(CORP.token("ann", NOW)).principal());
        assertEquals("jwt:other:ann", check(OTHER.token("ann", NOW)).principal());
    }

    static Stream<Arguments> faults() {
        JwtClaims good = CORP.claims("ann", NOW);
        String valid = CORP.token("ann", NOW);
        String payload = valid.substring(valid.indexOf('.'), valid.lastIndexOf('.'));
        String none = base64("{\"alg\":\"none\"}");
        return Stream.of(
                Arguments.of("none", none + payload + "."),
                Arguments.of("none, with a signature", none + valid.substring(valid.indexOf('.'))),
                Arguments.of("HS256 with the public key", hmac(good)),
                Arguments.of("the key of another issuer", TestIssuer.sign(good, OTHER.rsa, "RS256", s -> {})),
                Arguments.of(
                        "an RSA key under ES256",
                        valid.replaceFirst("^[^.]+", base64("{\"alg\":\"ES256\",\"kid\":\"rsa-1\"}"))),
                Arguments.of("another payload", valid.replace(payload, "." + base64(changed(good)))),
                Arguments.of("a critical header that is not known", TestIssuer.sign(good, CORP.rsa, "RS256", s -> {
                    s.setHeader("b65", "x");
                    s.setHeader("crit", List.of("b65"));
                })),
                Arguments.of(
                        "an unknown kid", TestIssuer.sign(good, CORP.rsa, "RS256", s -> s.setKeyIdHeaderValue("?"))),
                Arguments.of("no kid where there are two keys", TestIssuer.sign(good, CORP.rsa, "RS256", s -> {
                    s.getHeaders().setStringHeaderValue("kid", null);
                })),
                with("another audience", claims -> claims.setAudience("holdfast2")),
                with("no audience", claims -> claims.unsetClaim("aud")),
                with("another issuer", claims -> claims.setIssuer("https://corp.example/")),
                with("no issuer", claims -> claims.unsetClaim("iss")),
                with("no subject", claims -> claims.unsetClaim("sub")),
                with("an empty subject", claims -> claims.setSubject("")),
                with("a subject with a line break", claims -> claims.setSubject("a\nb")),
                with("a subject of 256 characters", claims -> claims.setSubject("a".repeat(256))),
                with("a subject that is a number", claims -> claims.setClaim("sub", 7)),
                with("no exp", claims -> claims.unsetClaim("exp")),
                with("exp 31 s ago", claims -> claims.setExpirationTime(NumericDate.fromMilliseconds(NOW - 31_000))),
                with("nbf in 31 s", claims -> claims.setNotBefore(NumericDate.fromMilliseconds(NOW + 31_000))),
                with("an exp that is a text", claims -> claims.setClaim("exp", "tomorrow")),
                with("an exp beyond all time", claims -> claims.setClaim("exp", Long.MAX_VALUE)),
                with("groups that are numbers", claims -> claims.setClaim("groups", List.of(1, 2))),
                with("9 KiB", claims -> claims.setClaim("more", "x".repeat(9 << 10))),
                Arguments.of("nothing", ""),
                Arguments.of("a word", "swordfish"),
                Arguments.of("dots", ".."),
                Arguments.of("five parts", "a.b.c.d.e"),
                Arguments.of("nested arrays", base64("{\"alg\":\"RS256\"}") + "." + base64("[".repeat(4_000)) + ".x"),
                Arguments.of("a list for claims", base64("{\"alg\":\"RS256\"}") + "." + base64("[]") + ".x"));
    }

    private static Arguments with(String fault, java.util.function.Consumer<JwtClaims> change) {
        JwtClaims claims = CORP.claims("ann", NOW);
        change.accept(claims);
        return Arguments.of(fault, TestIssuer.sign(claims, CORP.rsa, "RS256", signed -> {}));
    }

    private static String changed(JwtClaims claims) {
        return claims.toJson().replace("ann", "bob");
    }

    private static String hmac(JwtClaims claims) {
        var signed = new org.jose4j.jws.JsonWebSignature();
        signed.setPayload(claims.toJson());
        signed.setKey(new HmacKey(CORP.rsa.getPublicKey().getEncoded()));
        signed.setKeyIdHeaderValue("rsa-1");
        signed.setAlgorithmHeaderValue(AlgorithmIdentifiers.HMAC_SHA256);
        try {
            return signed.getCompactSerialization();
        } catch (org.jose4j.lang.JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void aTokenWithAFaultProvesNothing(String fault, String token) {
        assertEquals(Denied.Reason.UNAUTHENTICATED, denied(token).reason(), fault);
    }

    @Test
    void clocksMayDifferByTheLeeway() throws Exception {
        JwtClaims claims = CORP.claims("ann", NOW);
        claims.setExpirationTime(NumericDate.fromMilliseconds(NOW - 29_000));
        String late = TestIssuer.sign(claims, CORP.rsa, "RS256", s -> {});
        assertEquals("jwt:corp:ann", check(late).principal());
        claims.setExpirationTime(NumericDate.fromMilliseconds(NOW + 60_000));
        claims.setNotBefore(NumericDate.fromMilliseconds(NOW + 29_000));
        String early = TestIssuer.sign(claims, CORP.rsa, "RS256", s -> {});
        assertEquals("jwt:corp:ann", check(early).principal());
    }

    @Test
    void aTokenThatNamesKeysOfItsOwnIsCheckedWithThoseOfItsIssuer() {
        String token = TestIssuer.sign(CORP.claims("ann", NOW), OTHER.rsa, "RS256", signed -> {
            signed.setHeader("jku", "http://127.0.0.1:1/keys");
            signed.setHeader("x5u", "http://127.0.0.1:1/chain");
            signed.setJwkHeader(OTHER.rsa);
        });
        assertEquals(Denied.Reason.UNAUTHENTICATED, denied(token).reason());
    }

    @Test
    void anUnknownKeyIdIsAskedForOnceInThirtySeconds() throws Exception {
        check(CORP.token("ann", NOW));
        TestIssuer next = new TestIssuer(CORP.url);
        next.rsa.setKeyId("rsa-2");
        String token = next.token("ann", NOW);
        for (int i = 0; i < 100; i++) {
            assertEquals(Denied.Reason.UNAUTHENTICATED, denied(token).reason());
        }
        assertEquals(1, fetches.get(), "the keys were had a moment ago");

        jwks = next.jwks();
        nanos.addAndGet(IssuerKeys.REFRESH_SECONDS * SECOND);
        assertEquals("jwt:corp:ann", check(token).principal());
        assertEquals(2, fetches.get());
        denied(CORP.token("ann", NOW));
    }

    @Test
    void anIssuerThatIsDownChangesNothingForKnownKeys() throws Exception {
        check(CORP.token("ann", NOW));
        down = true;
        nanos.addAndGet(3_600 * SECOND);
        assertEquals("jwt:corp:bob", check(CORP.token("bob", NOW)).principal());

        nanos.addAndGet(IssuerKeys.REFRESH_SECONDS * SECOND);
        TestIssuer next = new TestIssuer(CORP.url);
        next.rsa.setKeyId("rsa-2");
        assertEquals(
                Denied.Reason.AUTH_UNAVAILABLE, denied(next.token("ann", NOW)).reason());
    }

    @Test
    void aTokenThatCannotBeCheckedIsNotRefused() throws Exception {
        down = true;
        String token = CORP.token("ann", NOW);
        assertEquals(Denied.Reason.AUTH_UNAVAILABLE, denied(token).reason());
        assertEquals(Denied.Reason.AUTH_UNAVAILABLE, denied(token).reason());
        assertEquals(1, fetches.get(), "the next try comes after a pause");

        down = false;
        nanos.addAndGet(IssuerKeys.RETRY_SECONDS * SECOND);
        assertEquals("jwt:corp:ann", check(token).principal());
    }

    @Test
    void aSecretInAKeySetIsNoKey() {
        String secret = "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"rsa-1\",\"k\":\"AAECAwQFBgcICQoLDA0ODw\"}]}";
        assertInstanceOf(
                KeysUnavailable.class,
                assertThrows(KeysUnavailable.class, () -> IssuerKeys.parse(new KeySource.Fetched(null, secret))));
        assertThrows(KeysUnavailable.class, () -> IssuerKeys.parse(new KeySource.Fetched(null, "[]")));
        assertThrows(KeysUnavailable.class, () -> IssuerKeys.parse(new KeySource.Fetched(null, "<html>")));
    }

    private Tokens kubernetes(TestIssuer cluster) {
        return new Tokens(
                VERTX,
                List.of(new TokenIssuer(
                        new TokenIssuer.Terms("kubernetes", null, TestIssuer.AUDIENCE, TokenIssuer.kubernetes()),
                        new IssuerKeys(
                                "holdfast.auth.kubernetes",
                                () -> Future.succeededFuture(new KeySource.Fetched(cluster.url, cluster.jwks())),
                                nanos::get))),
                () -> NOW);
    }

    private static JwtClaims projected(TestIssuer cluster, String namespace, String account) {
        JwtClaims claims = cluster.claims("system:serviceaccount:" + namespace + ":" + account, NOW);
        claims.setClaim(
                "kubernetes.io",
                Map.of(
                        "namespace", "prod",
                        "serviceaccount", Map.of("name", "billing", "uid", "1"),
                        "pod", Map.of("name", "billing-7f9c", "uid", "2"),
                        "node", Map.of("name", "worker-3", "uid", "3")));
        return claims;
    }

    @Test
    void aProjectedTokenProvesItsServiceAccount() throws Exception {
        TestIssuer cluster = new TestIssuer("https://kubernetes.default.svc");
        tokens = kubernetes(cluster);
        Caller caller = check(TestIssuer.sign(projected(cluster, "prod", "billing"), cluster.rsa, "RS256", s -> {}));

        assertEquals("k8s:prod:billing", caller.principal());
        assertEquals(List.of("k8s:ns:prod"), caller.groups());
        assertEquals("billing-7f9c", caller.attributes().get("k8s.pod"));
        assertEquals("prod", caller.attributes().get("k8s.namespace"));
        assertEquals("worker-3", caller.attributes().get("k8s.node"));
    }

    @Test
    void aTokenWhoseSubjectAndClaimsDisagreeIsOfNoServiceAccount() {
        TestIssuer cluster = new TestIssuer("https://kubernetes.default.svc");
        tokens = kubernetes(cluster);
        String token = TestIssuer.sign(projected(cluster, "dev", "billing"), cluster.rsa, "RS256", s -> {});
        assertTrue(denied(token).getMessage().contains("ServiceAccount"));
        String plain = cluster.token("system:serviceaccount:prod:billing", NOW);
        assertTrue(denied(plain).getMessage().contains("ServiceAccount"));
    }
}
