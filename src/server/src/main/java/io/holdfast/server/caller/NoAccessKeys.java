package io.holdfast.server.caller;

import io.holdfast.lock.acl.AccessKey;
import io.quarkus.arc.DefaultBean;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** A node without access keys: each one that comes proves nothing. */
@Singleton
@DefaultBean
public final class NoAccessKeys implements AccessKeys {

    @Override
    public @Nullable AccessKey find(String id) {
        return null;
    }
}
