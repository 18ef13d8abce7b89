package io.holdfast.server.caller;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jose4j.json.JsonUtil;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * JSON Web Tokens of all issuers that this node accepts. A token chooses its issuer by its {@code iss}, and a key of
 * that issuer by its {@code kid}: neither a URL nor a key in a token is ever looked at.
 */
final class Tokens {

    /** Longest token, in characters. */
    static final int MAX_CHARS = 8 << 10;

    private final Vertx vertx;
    private final List<TokenIssuer> issuers;
    private final LongSupplier millis;

    Tokens(Vertx vertx, List<TokenIssuer> issuers, LongSupplier millis) {
        this.vertx = vertx;
        this.issuers = List.copyOf(issuers);
        this.millis = millis;
    }

    /** What a token says of itself, which proves nothing yet. */
    private record Claimed(String issuer, @Nullable String keyId) {}

    /** Returns the caller of a token; the failure is {@link Denied}. */
    Future<Caller> check(String token) {
        Claimed claimed;
        try {
            claimed = claimed(token);
        } catch (Denied denied) {
            return Future.failedFuture(denied);
        }
        TokenIssuer issuer = null;
        boolean unknown = false;
        for (TokenIssuer each : issuers) {
            unknown |= each.issuer() == null;
            if (claimed.issuer().equals(each.issuer())) {
                issuer = each;
            }
        }
        if (issuer != null) {
            return checked(token, issuer, claimed);
        }
        if (!unknown) {
            return Future.failedFuture(foreign());
        }
        return first().compose(any -> check(token), failure -> unavailable());
    }

    /** Fetches the keys of the first issuer of which not even the name is known yet. */
    private Future<IssuerKeys.Known> first() {
        for (TokenIssuer each : issuers) {
            if (each.issuer() == null) {
                return each.keys().with("");
            }
        }
        return Future.failedFuture(foreign());
    }

    private Future<Caller> checked(String token, TokenIssuer issuer, Claimed claimed) {
        return issuer.keys()
                .with(claimed.keyId())
                .compose(
                        keys -> vertx.executeBlocking(
                                () -> issuer.check(token, claimed.issuer(), keys, millis.getAsLong()), false),
                        failure -> unavailable())
                .recover(failure -> Future.failedFuture(
                        failure instanceof Denied
                                ? failure
                                : Denied.unauthenticated("The token cannot be read as a signed JWT.")));
    }

    private static <T> Future<T> unavailable() {
        return Future.failedFuture(
                Denied.unavailable("This node cannot have the keys that the token is checked with now; try again."));
    }

    private static Denied foreign() {
        return Denied.unauthenticated("The token is of an issuer that this ensemble does not take.");
    }

    private static Claimed claimed(String token) {
        if (token.length() > MAX_CHARS) {
            throw Denied.unauthenticated("The token has more than " + MAX_CHARS + " characters.");
        }
        int first = token.indexOf('.');
        int second = token.indexOf('.', first + 1);
        if (first <= 0 || second < 0 || token.indexOf('.', second + 1) >= 0) {
            throw Denied.unauthenticated("The credential is neither an access key, which begins with hfk_, nor a JWT.");
        }
        Map<String, Object> header = json(token.substring(0, first));
        Map<String, Object> claims = json(token.substring(first + 1, second));
        if (!(claims.get("iss") instanceof String issuer)) {
            throw Denied.unauthenticated("The token has no iss.");
        }
        return new Claimed(issuer, header.get("kid") instanceof String id ? id : null);
    }

    private static Map<String, Object> json(String part) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(part);
            return JsonUtil.parseJson(new String(bytes, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException | JoseException e) {
            throw Denied.unauthenticated("The token is no JWT.");
        }
    }
}
