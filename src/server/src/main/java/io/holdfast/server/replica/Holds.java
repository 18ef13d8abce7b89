package io.holdfast.server.replica;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Requests that this node holds until something happens to what they wait for, or their time is over. A held request is
 * woken once and then looks at the table itself; whoever hung up is let go. Used on the node's context only.
 *
 * @param <K> what is waited for: a grant's id, or a revision
 */
final class Holds<K extends Comparable<K>> {

    private final int max;
    private final Timeouts timeouts;
    private final TreeMap<K, Set<Hold>> held = new TreeMap<>();
    private int size;

    Holds(int max, Timeouts timeouts) {
        this.max = max;
        this.timeouts = timeouts;
    }

    /** One held request. */
    final class Hold {
        private final K key;
        private final Runnable wake;
        private final Timeouts.Entry timeout;

        private Hold(K key, long deadline, Runnable wake) {
            this.key = key;
            this.wake = wake;
            this.timeout = timeouts.schedule(deadline, this::end);
        }

        /** Lets go of the request without waking it; without effect when it was woken. */
        void cancel() {
            if (forget()) {
                timeouts.cancel(timeout);
            }
        }

        private void end() {
            if (forget()) {
                timeouts.cancel(timeout);
                wake.run();
            }
        }

        private boolean forget() {
            Set<Hold> same = held.get(key);
            if (same == null || !same.remove(this)) {
                return false;
            }
            if (same.isEmpty()) {
                held.remove(key);
            }
            size--;
            return true;
        }
    }

    /** Returns whether one more request may be held. */
    boolean hasRoom() {
        return size < max;
    }

    int size() {
        return size;
    }

    /** Holds a request; {@code wake} runs once, when the key is woken or the deadline has passed. */
    Hold hold(K key, long deadline, Runnable wake) {
        Hold hold = new Hold(key, deadline, wake);
        held.computeIfAbsent(key, k -> new LinkedHashSet<>()).add(hold);
        size++;
        return hold;
    }

    /** Wakes all that wait for {@code key}. */
    void wake(K key) {
        Set<Hold> same = held.get(key);
        if (same != null) {
            List.copyOf(same).forEach(Hold::end);
        }
    }

    /** Wakes all that wait for {@code key} or a lower one. */
    void wakeUpTo(K key) {
        while (!held.isEmpty() && held.firstKey().compareTo(key) <= 0) {
            wake(held.firstKey());
        }
    }

    /** Wakes everybody that waits now; who waits again stays. */
    void wakeAll() {
        List<Hold> all = new ArrayList<>(size);
        for (Map.Entry<K, Set<Hold>> entry : held.entrySet()) {
            all.addAll(entry.getValue());
        }
        all.forEach(Hold::end);
    }
}
