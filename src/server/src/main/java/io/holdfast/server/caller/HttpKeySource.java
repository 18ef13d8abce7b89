package io.holdfast.server.caller;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemTrustOptions;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Keys of an issuer that speaks OpenID Connect Discovery. Only the issuer's own documents say where its keys are, never
 * a token; redirects are not followed, and an answer has a bound in time and bytes.
 */
final class HttpKeySource implements KeySource {

    static final String WELL_KNOWN = "/.well-known/openid-configuration";

    /**
     * Where an API server of Kubernetes has its keys. Its discovery document names them by an address for others, which
     * may be another host, that must not see this node's token and gives no key without one.
     */
    static final String KEYS_OF_API_SERVER = "/openid/v1/jwks";

    private static final int TIMEOUT_MILLIS = 5_000;
    private static final int MAX_BYTES = 256 << 10;

    private final Vertx vertx;
    private final HttpClient client;
    private final Terms terms;

    /**
     * The issuer to ask.
     *
     * @param url of the issuer, without a slash at its end
     * @param own whether the issuer must call itself by that URL
     * @param ca file of the authorities that its certificate is checked with; null for those of the Java runtime
     * @param token file of a token to ask an API server of Kubernetes with; null for another issuer
     */
    record Terms(
            String url,
            boolean own,
            @Nullable Path ca,
            @Nullable Path token) {}

    HttpKeySource(Vertx vertx, Terms terms) {
        this.vertx = vertx;
        this.terms = terms;
        HttpClientOptions options = new HttpClientOptions()
                .setConnectTimeout(TIMEOUT_MILLIS)
                .setMaxPoolSize(1)
                .setMaxWaitQueueSize(4)
                .setKeepAlive(false);
        if (terms.ca() != null) {
            options.setTrustOptions(new PemTrustOptions().addCertPath(terms.ca().toString()));
        }
        this.client = vertx.createHttpClient(options);
    }

    @Override
    public Future<Fetched> fetch() {
        Future<String> token = terms.token() == null
                ? Future.succeededFuture("")
                : vertx.fileSystem()
                        .readFile(terms.token().toString())
                        .map(bytes -> bytes.toString().strip());
        return token.compose(bearer -> get(terms.url() + WELL_KNOWN, bearer).compose(text -> keys(text, bearer)));
    }

    private Future<Fetched> keys(String discovery, String bearer) {
        JsonObject document;
        try {
            document = new JsonObject(discovery);
        } catch (DecodeException e) {
            return failed(terms.url() + WELL_KNOWN, "is no JSON object");
        }
        if (!(document.getValue("issuer") instanceof String issuer)
                || !(document.getValue("jwks_uri") instanceof String uri)) {
            return failed(terms.url() + WELL_KNOWN, "has no issuer or no jwks_uri");
        }
        if (terms.own() && !issuer.equals(terms.url())) {
            return failed(terms.url() + WELL_KNOWN, "is of an issuer with another URL");
        }
        if (!isSafe(uri)) {
            return failed(terms.url() + WELL_KNOWN, "has a jwks_uri that is not https");
        }
        return get(bearer.isEmpty() ? uri : terms.url() + KEYS_OF_API_SERVER, bearer)
                .map(keys -> new Fetched(issuer, keys));
    }

    /** Returns whether what is fetched from a URL cannot be changed on its way. */
    static boolean isSafe(String url) {
        try {
            URI uri = URI.create(url);
            String host = uri.getHost();
            if (host == null || uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
                return false;
            }
            boolean loopback = host.equals("127.0.0.1") || host.equals("[::1]") || host.equals("localhost");
            return "https".equals(uri.getScheme()) || ("http".equals(uri.getScheme()) && loopback);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private Future<String> get(String url, String bearer) {
        RequestOptions asked = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setAbsoluteURI(url)
                .setTimeout(TIMEOUT_MILLIS)
                .setFollowRedirects(false)
                .putHeader("Accept", "application/json, application/jwk-set+json");
        if (!bearer.isEmpty()) {
            asked.putHeader("Authorization", "Bearer " + bearer);
        }
        return client.request(asked)
                .compose(request -> request.send().compose(response -> body(url, response)))
                .recover(failure -> failure instanceof KeysUnavailable
                        ? Future.failedFuture(failure)
                        : failed(url, "cannot be had: " + failure.getMessage()));
    }

    private static Future<String> body(String url, HttpClientResponse response) {
        if (response.statusCode() != 200) {
            // That the body is not read is meant, and nothing to log.
            response.exceptionHandler(reset -> {});
            response.request().reset();
            return failed(url, "answers " + response.statusCode());
        }
        Promise<String> whole = Promise.promise();
        Buffer body = Buffer.buffer();
        response.handler(part -> {
            if (body.length() + part.length() > MAX_BYTES) {
                response.handler(null);
                response.request().reset();
                whole.tryFail(new KeysUnavailable(url + " has more than " + MAX_BYTES + " bytes"));
            } else {
                body.appendBuffer(part);
            }
        });
        response.exceptionHandler(whole::tryFail);
        response.endHandler(end -> whole.tryComplete(body.toString()));
        return whole.future();
    }

    private static <T> Future<T> failed(String url, String what) {
        return Future.failedFuture(new KeysUnavailable(url + " " + what));
    }
}
