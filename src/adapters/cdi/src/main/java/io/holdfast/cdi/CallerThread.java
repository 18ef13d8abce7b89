package io.holdfast.cdi;

import java.util.concurrent.Executor;

/**
 * What may be done on the thread of a caller, and where its work goes on; knows of event loops if Mutiny or Vert.x is
 * there.
 */
final class CallerThread {

    private static final boolean MUTINY = isPresent("io.smallrye.mutiny.infrastructure.Infrastructure");
    private static final boolean VERTX = isPresent("io.vertx.core.Vertx");

    private CallerThread() {}

    static boolean isPresent(String type) {
        try {
            return Class.forName(type, false, CallerThread.class.getClassLoader()) != null;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** Whether this thread may wait, and may be interrupted. */
    static boolean mayBlock() {
        return (!MUTINY || MutinyResults.mayBlock()) && (!VERTX || !VertxThreads.isEventLoop());
    }

    /**
     * Refuses to wait where others would wait too.
     *
     * @param method for the message
     */
    static void requireBlocking(String method) {
        if (!mayBlock()) {
            throw new IllegalStateException(method + " waits for a lock, which the event loop "
                    + Thread.currentThread().getName()
                    + " must not: call it on a worker thread (@Blocking, @RunOnVirtualThread), or return a"
                    + " CompletionStage or a Uni");
        }
    }

    /** Where work of this caller goes on later: in its Vert.x context on an event loop, else on any thread. */
    static Executor executor() {
        return VERTX && VertxThreads.isEventLoop() ? VertxThreads.executor() : Runnable::run;
    }
}
