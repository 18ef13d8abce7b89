package io.holdfast.zab.net;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.Callable;

/**
 * Does what blocks on worker threads; the result always comes in a later turn of the context that asked.
 *
 * <p>A bare {@code executeBlocking} does not promise that: when the worker is done before {@code onComplete} is called,
 * the handler runs at once, in the middle of whatever asked, be it an event of the core or a link that writes.
 */
public final class Workers {

    private final Context context;
    private final WorkerExecutor executor;

    /**
     * Gives work to the threads of an executor.
     *
     * @param context where {@link #run} is called and results come
     */
    public Workers(Context context, WorkerExecutor executor) {
        this.context = context;
        this.executor = executor;
    }

    /** Runs work beside other work, in no order. */
    public <T> Future<T> run(Callable<T> work) {
        // Without a context of its own: its handlers run where it is completed.
        Promise<T> later = Promise.promise();
        executor.executeBlocking(work, false).onComplete(done -> context.runOnContext(ignored -> later.handle(done)));
        return later.future();
    }

    /** Ends the threads when their work is done. */
    public Future<Void> close() {
        return executor.close();
    }
}
