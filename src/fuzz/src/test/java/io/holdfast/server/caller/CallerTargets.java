package io.holdfast.server.caller;

import io.holdfast.api.KeyText;
import io.holdfast.fuzz.FuzzTarget;
import io.holdfast.fuzz.Golden;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;

/** Credentials, and the keys that an issuer publishes. */
public final class CallerTargets {

    private static final long NOW = 1_800_000_000_000L;
    private static final String CLAIMS = """
            {"iss":"https://test.example","aud":["holdfast","other"],"sub":"ann","exp":1800000600,"nbf":1799999999,
            "jti":"id-1","groups":["ops","dev"],"nested":{"a":[[[]],{"b":1e9}]}}""";
    private static final String KUBERNETES = """
            {"iss":"https://test.example","aud":["holdfast"],"sub":"system:serviceaccount:prod:billing",
            "exp":1800000600,"kubernetes.io":{"namespace":"prod","serviceaccount":{"name":"billing","uid":"u"},
            "pod":{"name":"p","uid":"v"},"node":{"name":"n"}}}""";

    private static final PrivateKey KEY = key();

    private CallerTargets() {}

    /** Returns those of this package. */
    public static List<FuzzTarget> all() {
        String keys = Golden.text("/auth/jwks.json");
        Tokens jwt = tokens(keys, TokenIssuer.jwt("test", "sub", "groups"));
        Tokens kubernetes = tokens(keys, TokenIssuer.kubernetes());
        return List.of(
                new FuzzTarget(
                        "access-keys",
                        Set.of(KeyText.class),
                        FuzzTarget.texts(List.of(
                                KeyText.generate("ops.1", new SecureRandom()).text())),
                        3_000,
                        Set.of(),
                        input -> KeyText.parse(text(input)).map(KeyText::hash)),
                new FuzzTarget(
                        "tokens",
                        Set.of(Tokens.class, TokenIssuer.class),
                        FuzzTarget.texts(List.of(signed(CLAIMS), signed(KUBERNETES))),
                        1_500,
                        Set.of(Denied.class),
                        input -> check(jwt, text(input))),
                new FuzzTarget(
                        "heads-of-tokens",
                        Set.of(Tokens.class, TokenIssuer.class),
                        FuzzTarget.texts(List.of("{\"alg\":\"ES256\",\"kid\":\"test-1\",\"typ\":\"JWT\"}")),
                        200,
                        Set.of(Denied.class),
                        input -> check(jwt, signed(utf8(input), CLAIMS))),
                claims("claims", CLAIMS, jwt),
                claims("claims-of-service-accounts", KUBERNETES, kubernetes),
                new FuzzTarget(
                        "key-sets",
                        Set.of(IssuerKeys.class),
                        FuzzTarget.texts(List.of(keys)),
                        2_000,
                        Set.of(KeysUnavailable.class),
                        input -> IssuerKeys.parse(new KeySource.Fetched(null, utf8(input)))));
    }

    /** Claims of a token whose signature is right: what an issuer gone wrong may say. */
    private static FuzzTarget claims(String name, String sample, Tokens tokens) {
        return new FuzzTarget(
                name,
                Set.of(Tokens.class, TokenIssuer.class),
                FuzzTarget.texts(List.of(sample)),
                200,
                Set.of(Denied.class),
                input -> check(tokens, signed(utf8(input))));
    }

    private static void check(Tokens tokens, String token) throws Exception {
        Future<Caller> checked = tokens.check(token);
        if (!checked.isComplete()) {
            throw new AssertionError("a token is waited for");
        }
        if (checked.failed()) {
            if (checked.cause() instanceof Exception e) {
                throw e;
            }
            throw new AssertionError(checked.cause());
        }
    }

    private static Tokens tokens(String keys, TokenIssuer.Reading reading) {
        TokenIssuer issuer = new TokenIssuer(
                new TokenIssuer.Terms("test", "https://test.example", "holdfast", reading),
                new IssuerKeys(
                        "holdfast.auth.issuers.test",
                        () -> Future.succeededFuture(new KeySource.Fetched(null, keys)),
                        System::nanoTime));
        return new Tokens(here(), List.of(issuer), () -> NOW);
    }

    /** Work that may block is done in the thread that asks for it, whose memory is measured. */
    private static Vertx here() {
        return (Vertx) Proxy.newProxyInstance(
                Vertx.class.getClassLoader(), new Class<?>[] {Vertx.class}, (proxy, method, arguments) -> {
                    if (!method.getName().equals("executeBlocking")) {
                        throw new UnsupportedOperationException(method.toString());
                    }
                    try {
                        return Future.succeededFuture(((Callable<?>) arguments[0]).call());
                    } catch (Exception e) {
                        return Future.failedFuture(e);
                    }
                });
    }

    private static String signed(String claims) {
        return signed("{\"alg\":\"ES256\",\"kid\":\"test-1\"}", claims);
    }

    private static String signed(String head, String claims) {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        String signed = base64.encodeToString(head.getBytes(StandardCharsets.UTF_8)) + "."
                + base64.encodeToString(claims.getBytes(StandardCharsets.UTF_8));
        try {
            Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initSign(KEY);
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + base64.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static PrivateKey key() {
        try {
            return PublicJsonWebKey.Factory.newPublicJwk(Golden.text("/auth/private-key-for-tests.json"))
                    .getPrivateKey();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static String utf8(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
