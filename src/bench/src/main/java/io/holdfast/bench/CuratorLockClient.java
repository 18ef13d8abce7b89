package io.holdfast.bench;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.locks.InterProcessMutex;
import org.apache.curator.retry.RetryNTimes;
import org.jspecify.annotations.Nullable;

/** A ZooKeeper client with Curator's mutex, which blocks; so each has a thread, as it would in an application. */
final class CuratorLockClient implements LockClient {

    private static final int SESSION_MILLIS = 60_000;
    private static final int CONNECT_MILLIS = 15_000;
    private static final int RETRIES = 3_000;
    private static final int PAUSE_MILLIS = 10;

    private final ExecutorService thread = Executors.newSingleThreadExecutor(work -> {
        var made = new Thread(work, "curator");
        made.setDaemon(true);
        return made;
    });
    private final CuratorFramework curator;
    private @Nullable InterProcessMutex held;

    CuratorLockClient(int port) {
        curator = CuratorFrameworkFactory.newClient(
                "127.0.0.1:" + port, SESSION_MILLIS, CONNECT_MILLIS, new RetryNTimes(RETRIES, PAUSE_MILLIS));
    }

    @Override
    public Future<Void> open() {
        return run(() -> {
            curator.start();
            curator.blockUntilConnected();
        });
    }

    @Override
    public Future<Void> acquire(String lock) {
        return run(() -> {
            var mutex = new InterProcessMutex(curator, "/" + lock);
            mutex.acquire();
            held = mutex;
        });
    }

    @Override
    public Future<Void> release() {
        return run(() -> {
            if (held != null) {
                held.release();
            }
        });
    }

    /** Curator sends again by itself and does not say how often. */
    @Override
    public long retries() {
        return 0;
    }

    @Override
    public void close() {
        thread.execute(curator::close);
        thread.shutdown();
    }

    /** What may throw anything, as Curator's methods do. */
    private interface Blocking {
        void run() throws Exception;
    }

    private Future<Void> run(Blocking work) {
        var result = Promise.<Void>promise();
        thread.execute(() -> {
            try {
                work.run();
            } catch (Exception e) {
                result.fail(e);
                return;
            }
            result.complete();
        });
        return result.future();
    }
}
