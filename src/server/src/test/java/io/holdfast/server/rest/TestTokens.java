package io.holdfast.server.rest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.lang.JoseException;

/** Signs tokens of the issuer that the nodes of tests accept. */
final class TestTokens {

    private static final Path KEY = Path.of("src/test/resources/auth/private-key-for-tests.json");

    private TestTokens() {}

    /** Returns a token that proves {@code jwt:test:SUBJECT}. */
    static String of(String subject, String... groups) {
        return lasting(3_600, subject, groups);
    }

    /** Returns a token that expires so many seconds from now, before which it may be; nodes allow for 30 seconds. */
    static String lasting(int seconds, String subject, String... groups) {
        JwtClaims claims = new JwtClaims();
        claims.setIssuer("https://issuer.test");
        claims.setAudience("holdfast");
        claims.setSubject(subject);
        claims.setGeneratedJwtId();
        claims.setExpirationTime(NumericDate.fromSeconds(NumericDate.now().getValue() + seconds));
        claims.setStringListClaim("groups", List.of(groups));
        try {
            PublicJsonWebKey key = PublicJsonWebKey.Factory.newPublicJwk(Files.readString(KEY));
            JsonWebSignature signed = new JsonWebSignature();
            signed.setPayload(claims.toJson());
            signed.setKey(key.getPrivateKey());
            signed.setKeyIdHeaderValue(key.getKeyId());
            signed.setAlgorithmHeaderValue("ES256");
            return signed.getCompactSerialization();
        } catch (JoseException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
