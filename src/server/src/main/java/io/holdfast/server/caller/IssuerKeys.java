package io.holdfast.server.caller;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * The public keys of one issuer. Once had they are good whether or not the issuer can be reached; a token with an
 * unknown key id has them fetched again, at most once in {@link #REFRESH_SECONDS} seconds, and one fetch at a time
 * serves all. For any thread.
 */
final class IssuerKeys {

    /** Pause between two fetches for key ids that are not known. */
    static final int REFRESH_SECONDS = 30;

    /** Pause between two fetches while there are no keys at all. */
    static final int RETRY_SECONDS = 5;

    /** Age at which keys are fetched again beside the work, so that one that was withdrawn is forgotten. */
    private static final int STALE_SECONDS = 600;

    private static final int KEYS_MAX = 100;
    private static final long SECOND = 1_000_000_000L;
    private static final Logger LOG = Logger.getLogger("io.holdfast.auth");

    private final String setting;
    private final KeySource source;
    private final LongSupplier nanos;
    private volatile @Nullable Known known;
    private @Nullable Future<Known> fetching;
    private long fetchedAt;
    private boolean fetched;
    private boolean failing;

    /**
     * Keys as of one fetch.
     *
     * @param issuer how it calls itself; null when its source does not say
     * @param byId keys with an id
     * @param all every key
     */
    record Known(@Nullable String issuer, Map<String, Key> byId, List<Key> all) {

        /** Returns the key that a token names, or the only one when it names none. */
        @Nullable
        Key find(@Nullable String id) {
            return id == null ? (all.size() == 1 ? all.get(0) : null) : byId.get(id);
        }
    }

    /**
     * One key.
     *
     * @param type {@code RSA} or {@code EC}
     * @param algorithm that alone it is for; null for any of its type
     */
    record Key(PublicKey key, String type, @Nullable String algorithm) {}

    /**
     * Makes one without keys.
     *
     * @param setting names the issuer to operators
     */
    IssuerKeys(String setting, KeySource source, LongSupplier nanos) {
        this.setting = setting;
        this.source = source;
        this.nanos = nanos;
    }

    /** Returns the keys if they were ever had, and may have them fetched again beside; null before. */
    @Nullable
    Known now() {
        Known keys = known;
        if (keys != null && mayFetch(STALE_SECONDS)) {
            fetch();
        }
        return keys;
    }

    /** Returns the keys, with one that has the id if the issuer has it; fails when it cannot be known. */
    Future<Known> with(@Nullable String id) {
        Known keys = now();
        if (keys != null && keys.find(id) != null) {
            return Future.succeededFuture(keys);
        }
        return any(keys == null ? RETRY_SECONDS : REFRESH_SECONDS);
    }

    /** Returns the keys, fetched anew unless that was tried a short time ago. */
    private Future<Known> any(int pauseSeconds) {
        Future<Known> running = running();
        if (running != null) {
            return running;
        }
        if (mayFetch(pauseSeconds)) {
            return fetch();
        }
        Known keys = known;
        return keys == null
                ? Future.failedFuture(new KeysUnavailable("the keys of " + setting + " cannot be had now"))
                : Future.succeededFuture(keys);
    }

    private synchronized @Nullable Future<Known> running() {
        return fetching;
    }

    private synchronized boolean mayFetch(int pauseSeconds) {
        return fetching == null && (!fetched || nanos.getAsLong() - fetchedAt >= pauseSeconds * SECOND);
    }

    /** Fetches the keys, or joins the fetch that runs. */
    Future<Known> fetch() {
        Promise<Known> outcome = Promise.promise();
        synchronized (this) {
            if (fetching != null) {
                return fetching;
            }
            fetching = outcome.future();
            fetched = true;
            fetchedAt = nanos.getAsLong();
        }
        // One that throws must end the fetch too, or all later tokens would wait for it.
        Future.<Void>succeededFuture()
                .compose(begun -> source.fetch())
                .map(IssuerKeys::parse)
                .onComplete(done -> {
                    synchronized (this) {
                        fetching = null;
                    }
                    if (done.succeeded()) {
                        known = done.result();
                        said(null);
                        outcome.complete(done.result());
                    } else {
                        said(String.valueOf(done.cause().getMessage()));
                        outcome.fail(new KeysUnavailable("the keys of " + setting + " cannot be had now"));
                    }
                });
        return outcome.future();
    }

    /** Says each change for the worse and the better once. */
    private synchronized void said(@Nullable String failure) {
        if (failure != null && !failing) {
            LOG.warnf("%s: no keys: %s; tokens that need them are answered 503 auth-unavailable", setting, failure);
        } else if (failure == null && failing) {
            LOG.infof("%s: keys are there again", setting);
        }
        failing = failure != null;
    }

    /**
     * Reads a key set.
     *
     * @throws KeysUnavailable when it is none, or has no key that tokens can be signed with
     */
    static Known parse(KeySource.Fetched fetched) {
        List<JsonWebKey> keys;
        try {
            keys = new JsonWebKeySet(fetched.keys()).getJsonWebKeys();
        } catch (JoseException e) {
            throw new KeysUnavailable("what is there is no JSON Web Key Set");
        }
        if (keys.size() > KEYS_MAX) {
            throw new KeysUnavailable("the set has more than " + KEYS_MAX + " keys");
        }
        Map<String, Key> byId = new LinkedHashMap<>();
        List<Key> all = new ArrayList<>();
        for (JsonWebKey key : keys) {
            // A secret in a public document proves nothing, and keys for encryption sign nothing.
            if (key instanceof PublicJsonWebKey pair
                    && (key.getUse() == null || key.getUse().equals("sig"))
                    && (key.getKeyType().equals("RSA") || key.getKeyType().equals("EC"))) {
                Key usable = new Key(pair.getPublicKey(), key.getKeyType(), key.getAlgorithm());
                all.add(usable);
                if (key.getKeyId() != null) {
                    byId.put(key.getKeyId(), usable);
                }
            }
        }
        if (all.isEmpty()) {
            throw new KeysUnavailable("the set has no RSA and no EC key for signatures");
        }
        return new Known(fetched.issuer(), Map.copyOf(byId), List.copyOf(all));
    }

    /** Returns how the issuer called itself when its keys were last had; null when that is not known. */
    @Nullable
    String issuer() {
        Known keys = known;
        return keys == null ? null : keys.issuer();
    }

    @Override
    public String toString() {
        return setting;
    }
}
