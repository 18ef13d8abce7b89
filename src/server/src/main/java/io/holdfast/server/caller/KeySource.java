package io.holdfast.server.caller;

import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** Where the public keys of an issuer come from. For any thread; never blocks. */
interface KeySource {

    /**
     * What was fetched.
     *
     * @param issuer how the issuer calls itself in its tokens; null when the source does not say
     * @param keys a JSON Web Key Set
     */
    record Fetched(@Nullable String issuer, String keys) {}

    /** Fetches the keys; a failure's message says what was asked and what went wrong. */
    Future<Fetched> fetch();
}
