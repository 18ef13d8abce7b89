package io.holdfast.server.stream;

import io.holdfast.lock.LockTable;
import io.holdfast.server.history.History;
import java.util.function.Consumer;

/** What the readers of a node need of it. For any thread. */
interface Source {

    History history();

    /** Runs on the node's context with the table of that moment, of which nothing may be kept. */
    void onNode(Consumer<LockTable> action);

    /** Runs an action after a time, on any thread. */
    void after(long nanos, Runnable action);

    /** Returns how long ago the node heard a leader that a quorum follows; -1 when it never did. */
    long ageMillis();
}
