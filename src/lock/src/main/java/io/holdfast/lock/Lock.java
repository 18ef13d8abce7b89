package io.holdfast.lock;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A lock that is held. One that nobody holds has no object: a queue without a holder does not outlive its transaction.
 */
final class Lock {

    final String name;

    /** Null only inside the transaction that took the last holder away. */
    @Nullable
    Grant holder;

    /** Null while nobody waits. */
    @Nullable
    WaitQueue queue;

    Lock(String name) {
        this.name = name;
    }

    int waiting() {
        return queue == null ? 0 : queue.size();
    }

    void enqueue(Grant grant) {
        if (queue == null) {
            queue = new WaitQueue();
        }
        queue.add(grant);
    }

    void dequeue(Grant grant) {
        if (queue == null) {
            throw new IllegalStateException(grant.id + " waits for " + name + ", which has no queue");
        }
        queue.remove(grant);
        if (queue.size() == 0) {
            queue = null;
        }
    }

    List<GrantView> holders() {
        return holder == null ? List.of() : List.of(holder.view());
    }
}
