package io.holdfast.server.replica;

import io.holdfast.lock.Change;

/** Hears what happens to one session; on the node's context, and must be quick. */
public interface SessionWatcher {

    /** A transaction changed the session, or a grant of it. */
    void changed(long revision, Change change);

    /** The whole state was replaced, and what led to it is not known. */
    void replaced();
}
