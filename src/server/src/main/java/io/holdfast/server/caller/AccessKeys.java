package io.holdfast.server.caller;

import io.holdfast.lock.acl.AccessKey;
import org.jspecify.annotations.Nullable;

/** What the ensemble knows of access keys. For any thread; asked for every request that comes with one. */
public interface AccessKeys {

    /**
     * Returns what is known of a key, as of what this node has applied; null when there is none, or none any more.
     *
     * @param id public part of the key
     */
    @Nullable
    AccessKey find(String id);
}
