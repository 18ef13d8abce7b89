package io.holdfast.server.caller;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;

/** An issuer with keys of its own, which signs what it is asked to. */
final class TestIssuer {

    static final String AUDIENCE = "holdfast";

    private final AtomicLong ids = new AtomicLong();

    final String url;
    final PublicJsonWebKey rsa;
    final PublicJsonWebKey ec;

    TestIssuer(String url) {
        this.url = url;
        try {
            rsa = RsaJwkGenerator.generateJwk(2048);
            ec = EcJwkGenerator.generateJwk(EllipticCurves.P256);
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
        rsa.setKeyId("rsa-1");
        ec.setKeyId("ec-1");
    }

    /** Returns the public keys. */
    String jwks() {
        return new JsonWebKeySet(rsa, ec).toJson(OutputControlLevel.PUBLIC_ONLY);
    }

    JwtClaims claims(String subject, long nowMillis) {
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(url);
        claims.setAudience(AUDIENCE);
        claims.setSubject(subject);
        claims.setExpirationTime(NumericDate.fromMilliseconds(nowMillis + 600_000));
        claims.setJwtId("id-" + subject);
        return claims;
    }

    /** Returns a token that differs from each other one, so that no test sends what another one has sent. */
    String token(String subject, long nowMillis) {
        JwtClaims claims = claims(subject, nowMillis);
        claims.setJwtId("id-" + subject + "-" + ids.incrementAndGet());
        return sign(claims, rsa, "RS256", signed -> {});
    }

    static String sign(JwtClaims claims, PublicJsonWebKey key, String algorithm, Consumer<JsonWebSignature> more) {
        JsonWebSignature signed = new JsonWebSignature();
        signed.setPayload(claims.toJson());
        signed.setKey(key.getPrivateKey());
        signed.setKeyIdHeaderValue(key.getKeyId());
        signed.setAlgorithmHeaderValue(algorithm);
        more.accept(signed);
        try {
            return signed.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }
}
