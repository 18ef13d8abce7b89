package io.holdfast.cdi;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.concurrent.Executor;

/** Event loops of Vert.x; loaded only where that is. */
final class VertxThreads {

    private VertxThreads() {}

    static boolean isEventLoop() {
        return Context.isOnEventLoopThread();
    }

    /** Runs in the present context, so that what belongs to a request is found there. */
    static Executor executor() {
        Context context = Vertx.currentContext();
        return context == null ? Runnable::run : task -> context.runOnContext(nothing -> task.run());
    }
}
