package io.holdfast.server.caller;

import io.holdfast.api.KeyText;
import io.holdfast.lock.acl.AccessKey;
import io.holdfast.server.config.AuthConfig;
import io.netty.util.AttributeKey;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.ConnectionBase;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Makes a caller of the one credential of a request: a bearer, or else the certificate of its connection, or else none,
 * which is the anonymous caller. A bearer that proves nothing is refused, whatever else the request has.
 *
 * <p>What a connection sent last is compared first, then what any connection sent a short time ago; only what is left
 * is checked. On the event loop of the request; never blocks.
 */
public final class Authentication {

    private static final int CACHED = 10_000;

    /** Characters of the credentials behind what is cached: a caller has no more names than its credential. */
    private static final int CACHED_CHARS = 16 << 20;

    /** Longest header that is kept with a connection, in characters; longer ones are found by their hash. */
    private static final int LAST_CHARS = 2 << 10;

    private static final long FAILURE_MILLIS = 5_000;
    private static final String BEARER = "Bearer ";

    /** The last good credential of a connection: most send the same with each request. */
    private static final AttributeKey<Last> LAST = AttributeKey.valueOf("holdfast.credential");

    private record Last(String header, Proof proof) {}

    private final AccessKeys keys;
    private final Tokens tokens;
    private final ClientCertificates.Objection objection;
    private final LongSupplier millis;
    private final long cacheMillis;
    private final CredentialCache cache = new CredentialCache(CACHED, CACHED_CHARS);
    private final FailureRate failures;
    private final Map<Denied.Reason, LongAdder> denied = new EnumMap<>(Denied.Reason.class);

    /**
     * Makes one.
     *
     * @param millis now, in milliseconds since the epoch
     */
    Authentication(
            AuthConfig config,
            AccessKeys keys,
            Tokens tokens,
            ClientCertificates.Objection objection,
            LongSupplier millis) {
        this.keys = keys;
        this.tokens = tokens;
        this.objection = objection;
        this.millis = millis;
        this.cacheMillis = config.cacheTtl().toMillis();
        this.failures = new FailureRate(config.failuresPerSecond());
        for (Denied.Reason reason : Denied.Reason.values()) {
            denied.put(reason, new LongAdder());
        }
    }

    /**
     * Returns the caller of a request if that can be said at once; null when its credential must be checked with
     * {@link #check}.
     *
     * @throws Denied when the request has a credential that is known to prove nothing
     */
    public @Nullable Caller known(HttpServerRequest request) {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header == null) {
            return withoutBearer(request);
        }
        Last last = last(request);
        if (last == null || !last.header.equals(header) || !isGood(last.proof, millis.getAsLong())) {
            return null;
        }
        // A request with a second header is for check() to refuse, even when the first one is known.
        return request.headers().getAll(HttpHeaders.AUTHORIZATION).size() == 1 ? last.proof.caller() : null;
    }

    private @Nullable Caller withoutBearer(HttpServerRequest request) {
        SSLSession session = request.isSSL() ? request.sslSession() : null;
        if (session == null) {
            return Caller.anonymous();
        }
        try {
            Caller caller = ClientCertificates.caller(session, objection, millis.getAsLong());
            return caller == null ? Caller.anonymous() : caller;
        } catch (Denied refused) {
            throw counted(refused);
        }
    }

    private boolean isGood(Proof proof, long now) {
        AccessKey key = proof.key();
        return proof.isGood(now) && (key == null || key.equals(keys.find(key.id())));
    }

    /** Checks the bearer of a request; the failure is {@link Denied}. */
    public Future<Caller> check(HttpServerRequest request) {
        return proof(request).transform(done -> {
            if (done.failed()) {
                return Future.failedFuture(counted((Denied) done.cause()));
            }
            return Future.succeededFuture(done.result());
        });
    }

    private Denied counted(Denied refused) {
        LongAdder counter = denied.get(refused.reason());
        if (counter != null) {
            counter.increment();
        }
        return refused;
    }

    private Future<Caller> proof(HttpServerRequest request) {
        List<String> headers = request.headers().getAll(HttpHeaders.AUTHORIZATION);
        String header = headers.get(0);
        if (headers.size() > 1 || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return Future.failedFuture(
                    Denied.unauthenticated("A request has one Authorization header, of the scheme Bearer."));
        }
        String credential = header.substring(BEARER.length()).strip();
        boolean isKey = credential.startsWith(KeyText.PREFIX);
        if (isKey && !isPrivate(request)) {
            return Future.failedFuture(new Denied(
                    Denied.Reason.TLS_REQUIRED,
                    "Access keys are taken over TLS or from this machine only. Others may have read this one:"
                            + " delete it, and make another."));
        }
        long now = millis.getAsLong();
        String address = address(request);
        String key = CredentialCache.key(credential);
        Proof kept = cache.find(key, now);
        if (kept != null && (kept.denied() != null || isGood(kept, now))) {
            if (kept.denied() != null) {
                failures.failed(address, System.nanoTime());
                return Future.failedFuture(kept.denied());
            }
            remember(request, header, kept);
            return Future.succeededFuture(kept.orThrow());
        }
        // A key costs one hash and cannot be guessed: what others at its address send holds no good one up.
        if (!isKey && failures.isExhausted(address, System.nanoTime())) {
            return Future.failedFuture(new Denied(
                    Denied.Reason.RATE_LIMITED,
                    "Your address sent too many credentials that prove nothing; wait, and send a good one."));
        }
        Future<Proof> checked = isKey
                ? accessKey(credential, now)
                : tokens.check(credential)
                        .map(caller -> new Proof(caller, null, null, Math.min(caller.until(), now + cacheMillis)));
        return checked.onSuccess(proof -> {
                    cache.keep(key, proof, credential.length());
                    remember(request, header, proof);
                })
                .onFailure(refused -> failed(key, address, (Denied) refused, now))
                .map(Proof::orThrow);
    }

    private void failed(String key, String address, Denied refused, long now) {
        if (refused.reason() == Denied.Reason.UNAUTHENTICATED) {
            cache.keep(key, new Proof(null, refused, null, now + FAILURE_MILLIS), 0);
            failures.failed(address, System.nanoTime());
        }
    }

    private Future<Proof> accessKey(String credential, long now) {
        Optional<KeyText> text = KeyText.parse(credential);
        if (text.isEmpty()) {
            return Future.failedFuture(
                    Denied.unauthenticated("The access key is not whole: it was cut or mistyped; copy all of it."));
        }
        AccessKey key = keys.find(text.get().id());
        byte[] hash = text.get().hash().getBytes(StandardCharsets.US_ASCII);
        byte[] expected = key == null ? new byte[0] : key.hash().getBytes(StandardCharsets.US_ASCII);
        if (key == null || !MessageDigest.isEqual(hash, expected)) {
            return Future.failedFuture(Denied.unauthenticated("The access key is unknown, or was deleted."));
        }
        if (now >= key.expiresAtMillis()) {
            return Future.failedFuture(Denied.unauthenticated("The access key has expired; make another."));
        }
        Caller caller = new Caller("key:" + key.name(), List.of(), Map.of(), key.expiresAtMillis(), key.id());
        return Future.succeededFuture(new Proof(caller, null, key, Math.min(key.expiresAtMillis(), now + cacheMillis)));
    }

    private static boolean isPrivate(HttpServerRequest request) {
        return request.isSSL() || isLoopback(request.connection().remoteAddress(true));
    }

    /** Returns whether a connection never leaves this machine; the address is that of the connection itself. */
    static boolean isLoopback(@Nullable SocketAddress remote) {
        if (remote == null || remote.hostAddress() == null) {
            return false;
        }
        try {
            // A literal address is not looked up.
            return InetAddress.getByName(remote.hostAddress()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static String address(HttpServerRequest request) {
        SocketAddress remote = request.connection().remoteAddress(true);
        return remote == null ? "" : String.valueOf(remote.hostAddress());
    }

    private static @Nullable Last last(HttpServerRequest request) {
        return request.connection() instanceof ConnectionBase connection
                ? connection.channel().attr(LAST).get()
                : null;
    }

    private static void remember(HttpServerRequest request, String header, Proof proof) {
        if (header.length() <= LAST_CHARS && request.connection() instanceof ConnectionBase connection) {
            connection.channel().attr(LAST).set(new Last(header, proof));
        }
    }

    /** Returns how many requests were denied for a reason; any thread. */
    public long denied(Denied.Reason reason) {
        LongAdder counter = denied.get(reason);
        return counter == null ? 0 : counter.sum();
    }
}
