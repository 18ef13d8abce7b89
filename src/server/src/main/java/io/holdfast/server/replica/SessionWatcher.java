package io.holdfast.server.replica;

import io.holdfast.lock.Change;
import io.holdfast.lock.GrantView;
import org.jspecify.annotations.Nullable;

/** Hears what happens to one session; on the node's context, and must be quick. */
public interface SessionWatcher {

    /**
     * A transaction changed the session, or a grant of it.
     *
     * @param holder the grant as the transaction left it, when it is told something; else null
     */
    void changed(long revision, Change change, @Nullable GrantView holder);

    /** The whole state was replaced, and what led to it is not known. */
    void replaced();
}
