package io.holdfast.client.internal;

import io.holdfast.client.LockRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What each thread of the program holds of this client. Any thread; each sees its own only. */
final class ThreadHolds {

    private final ClientServices services;
    private final Map<Thread, OfThread> threads = new ConcurrentHashMap<>();

    ThreadHolds(ClientServices services) {
        this.services = services;
    }

    /** A lock that a thread holds, as often as it took it. */
    static final class Hold {
        final LeaseHandle lease;
        int writes;
        int reads;
        boolean bodyRuns;

        Hold(LeaseHandle lease) {
            this.lease = lease;
        }

        boolean isHeld() {
            return writes + reads > 0;
        }
    }

    /** What one thread holds; used by that thread. */
    final class OfThread {
        private final Owner owner;
        private final Map<LockRequest, Hold> holds = new HashMap<>();
        private int waits;

        private OfThread(Thread thread) {
            owner = Owner.borrowing(services.pool(), services.loop(), () -> lives(thread));
        }

        private boolean lives(Thread thread) {
            if (thread.isAlive()) {
                return true;
            }
            threads.remove(thread, this);
            return false;
        }

        Owner owner() {
            return owner;
        }

        @Nullable
        Hold get(LockRequest lock) {
            return holds.get(lock);
        }

        void put(LockRequest lock, Hold hold) {
            holds.put(lock, hold);
        }

        void remove(LockRequest lock) {
            holds.remove(lock);
        }

        void waits() {
            waits++;
        }

        /** The thread waits no more; what has no hold is forgotten. */
        void waited() {
            waits--;
            tidy();
        }

        void tidy() {
            if (holds.isEmpty() && waits == 0) {
                threads.remove(Thread.currentThread(), this);
            }
        }
    }

    /** What this thread holds. */
    OfThread mine() {
        return threads.computeIfAbsent(Thread.currentThread(), OfThread::new);
    }
}
