package io.holdfast.server.caller;

import io.holdfast.lock.acl.AccessKey;
import org.jspecify.annotations.Nullable;

/**
 * What a credential proved when it was checked. Immutable.
 *
 * @param caller null when it proved nothing
 * @param denied why it proved nothing; else null
 * @param key the access key that it is, which must still be there; null for others
 * @param until for how long this may be used without checking again, in milliseconds since the epoch
 */
record Proof(
        @Nullable Caller caller,
        @Nullable Denied denied,
        @Nullable AccessKey key,
        long until) {

    boolean isGood(long millis) {
        return millis < until;
    }

    /**
     * Returns the caller.
     *
     * @throws Denied when the credential proved nothing
     */
    Caller orThrow() {
        if (caller == null) {
            throw denied == null ? Denied.unauthenticated("The credential proves nothing.") : denied;
        }
        return caller;
    }
}
