package io.holdfast.server.caller;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.ErrorCodes;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.jwt.consumer.JwtContext;
import org.jspecify.annotations.Nullable;

/** An issuer of tokens that this node accepts: checks one with the issuer's keys, and reads the caller off it. */
final class TokenIssuer {

    /** How much the clocks of issuers may differ from this node's. */
    static final int LEEWAY_SECONDS = 30;

    private static final AlgorithmConstraints ALGORITHMS = new AlgorithmConstraints(
            ConstraintType.PERMIT,
            AlgorithmIdentifiers.RSA_USING_SHA256,
            AlgorithmIdentifiers.RSA_USING_SHA384,
            AlgorithmIdentifiers.RSA_USING_SHA512,
            AlgorithmIdentifiers.RSA_PSS_USING_SHA256,
            AlgorithmIdentifiers.RSA_PSS_USING_SHA384,
            AlgorithmIdentifiers.RSA_PSS_USING_SHA512,
            AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256,
            AlgorithmIdentifiers.ECDSA_USING_P384_CURVE_AND_SHA384,
            AlgorithmIdentifiers.ECDSA_USING_P521_CURVE_AND_SHA512);

    private final Terms terms;
    private final IssuerKeys keys;

    /**
     * What its tokens must say.
     *
     * @param name in the settings
     * @param issuer exact {@code iss}; null for what its keys come with
     * @param audience one of {@code aud}, exact
     * @param reading what a valid token is the credential of
     */
    record Terms(String name, @Nullable String issuer, String audience, Reading reading) {}

    /** Reads a caller off the claims of a valid token. */
    interface Reading {

        /**
         * Returns the caller.
         *
         * @throws Denied when the claims name none
         */
        Caller caller(JwtClaims claims, long until, String credential) throws MalformedClaimException;
    }

    TokenIssuer(Terms terms, IssuerKeys keys) {
        this.terms = terms;
        this.keys = keys;
    }

    String name() {
        return terms.name();
    }

    IssuerKeys keys() {
        return keys;
    }

    /** Returns the {@code iss} of its tokens; null while that is not known. */
    @Nullable
    String issuer() {
        return terms.issuer() == null ? keys.issuer() : terms.issuer();
    }

    /**
     * Checks a token and reads the caller off it. Takes some 100 µs.
     *
     * @param issuer exact {@code iss}
     * @param millis now, in milliseconds since the epoch
     * @throws Denied when the token is not valid
     */
    Caller check(String token, String issuer, IssuerKeys.Known known, long millis) {
        var builder = new JwtConsumerBuilder()
                .setJwsAlgorithmConstraints(ALGORITHMS)
                .setExpectedIssuer(true, issuer)
                .setExpectedAudience(true, terms.audience())
                .setRequireExpirationTime()
                .setRequireSubject()
                .setAllowedClockSkewInSeconds(LEEWAY_SECONDS)
                .setEvaluationTime(NumericDate.fromMilliseconds(millis))
                .setVerificationKeyResolver((signed, nested) -> {
                    IssuerKeys.Key key = known.find(signed.getKeyIdHeaderValue());
                    if (key == null || !fits(key, signed.getAlgorithmHeaderValue())) {
                        throw Denied.unauthenticated(
                                "The issuer " + terms.name() + " has no key that the token could be signed with.");
                    }
                    return key.key();
                });
        try {
            JwtContext valid = builder.build().process(token);
            JwtClaims claims = valid.getJwtClaims();
            long until = Math.addExact(claims.getExpirationTime().getValueInMillis(), LEEWAY_SECONDS * 1_000L);
            String id = claims.getJwtId();
            return terms.reading().caller(claims, until, id != null && Principals.isName(id) ? id : "");
        } catch (InvalidJwtException e) {
            // The library wraps what the key resolver throws.
            if (e.getCause() instanceof Denied denied) {
                throw denied;
            }
            throw Denied.unauthenticated(reason(e));
        } catch (MalformedClaimException | ArithmeticException e) {
            throw Denied.unauthenticated("A claim of the token is not of its type.");
        }
    }

    private static boolean fits(IssuerKeys.Key key, String algorithm) {
        boolean type = algorithm != null
                && (algorithm.startsWith("ES")
                        ? key.type().equals("EC")
                        : key.type().equals("RSA"));
        return type && (key.algorithm() == null || key.algorithm().equals(algorithm));
    }

    /** The exception's own message has the claims. */
    private String reason(InvalidJwtException e) {
        if (e.hasErrorCode(ErrorCodes.EXPIRED)) {
            return "The token is past its exp; fetch a new one.";
        }
        if (e.hasErrorCode(ErrorCodes.NOT_YET_VALID)) {
            return "The token is not valid yet; compare the clocks of its issuer and of this node.";
        }
        if (e.hasErrorCode(ErrorCodes.AUDIENCE_INVALID) || e.hasErrorCode(ErrorCodes.AUDIENCE_MISSING)) {
            return "The token is for another audience than this ensemble takes from the issuer " + terms.name() + ".";
        }
        if (e.hasErrorCode(ErrorCodes.EXPIRATION_MISSING)) {
            return "The token has no exp; this ensemble takes none that lives for ever.";
        }
        if (e.hasErrorCode(ErrorCodes.SUBJECT_MISSING)) {
            return "The token has no sub.";
        }
        return "The token is not signed by the issuer " + terms.name() + ".";
    }

    /**
     * Reads callers off the tokens of an issuer of JWTs: {@code jwt:NAME:sub}, with groups {@code NAME:group}.
     *
     * @param principalClaim the claim that names the principal
     * @param groupsClaim the claim that has groups, a text or a list of texts; null for none
     */
    static Reading jwt(String name, String principalClaim, @Nullable String groupsClaim) {
        return (claims, until, credential) -> {
            String subject = claims.getClaimValue(principalClaim, String.class);
            if (subject == null || !Principals.isName(subject)) {
                throw Denied.unauthenticated("The claim " + principalClaim
                        + " of the token must be 1 to 255 printable characters of ASCII.");
            }
            List<String> groups = new ArrayList<>();
            if (groupsClaim != null) {
                Object value = claims.getClaimValue(groupsClaim);
                Collection<?> all =
                        value instanceof Collection<?> many ? many : value == null ? List.of() : List.of(value);
                for (Object group : all) {
                    if (!(group instanceof String text) || !Principals.isName(text)) {
                        throw Denied.unauthenticated("The claim " + groupsClaim
                                + " of the token must have texts of 1 to 255 printable characters of ASCII.");
                    }
                    groups.add(name + ":" + text);
                }
            }
            return new Caller("jwt:" + name + ":" + subject, groups, Map.of(), until, credential);
        };
    }

    /**
     * Reads callers off the projected tokens of ServiceAccounts: {@code k8s:NAMESPACE:ACCOUNT} in the group
     * {@code k8s:ns:NAMESPACE}.
     */
    static Reading kubernetes() {
        return (claims, until, credential) -> {
            Map<?, ?> about = map(claims.getClaimValue("kubernetes.io"));
            String namespace = text(about, "namespace");
            String account = text(map(about.get("serviceaccount")), "name");
            if (!isSegment(namespace)
                    || !isSegment(account)
                    || !("system:serviceaccount:" + namespace + ":" + account).equals(claims.getSubject())) {
                throw Denied.unauthenticated(
                        "The token is none of a ServiceAccount, whose sub and kubernetes.io claims agree.");
            }
            Map<String, String> attributes = new LinkedHashMap<>();
            attributes.put("k8s.namespace", namespace);
            attributes.put("k8s.account", account);
            put(attributes, "k8s.pod", text(map(about.get("pod")), "name"));
            put(attributes, "k8s.pod-uid", text(map(about.get("pod")), "uid"));
            put(attributes, "k8s.node", text(map(about.get("node")), "name"));
            return new Caller(
                    "k8s:" + namespace + ":" + account, List.of("k8s:ns:" + namespace), attributes, until, credential);
        };
    }

    private static void put(Map<String, String> attributes, String name, String value) {
        if (isSegment(value)) {
            attributes.put(name, value);
        }
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    private static String text(Map<?, ?> map, String name) {
        return map.get(name) instanceof String text ? text : "";
    }

    /** A name of Kubernetes: what may stand between colons and slashes. */
    private static boolean isSegment(String text) {
        return !text.isEmpty() && text.length() <= 253 && text.matches("[A-Za-z0-9.-]+");
    }
}
