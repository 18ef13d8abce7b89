package io.holdfast.server.replica;

import io.holdfast.lock.acl.AccessKey;
import io.holdfast.lock.acl.Acl;
import io.holdfast.lock.acl.Verb;
import io.holdfast.server.caller.AccessKeys;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The access keys that this node has applied, and the first one of its settings for as long as no rule gives
 * {@code admin:acl}. For any thread.
 */
@Singleton
public final class ReplicatedAccessKeys implements AccessKeys {

    /** Id and name of the first key. */
    private static final String FIRST = "bootstrap";

    private final Replica replica;
    private final Optional<String> first;

    @Inject
    ReplicatedAccessKeys(Replica replica) {
        this.replica = replica;
        this.first = replica.config().auth().bootstrapKeyHash();
    }

    @Override
    public @Nullable AccessKey find(String id) {
        Acl acl = replica.events().acl();
        if (id.equals(FIRST)) {
            boolean counts = first.isPresent() && !acl.document().gives(Verb.ADMIN_ACL);
            return counts ? new AccessKey(FIRST, FIRST, first.get(), 0, Long.MAX_VALUE) : null;
        }
        return acl.key(id);
    }
}
