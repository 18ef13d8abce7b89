package io.holdfast.server.backup;

import io.holdfast.server.caller.Caller;
import io.holdfast.server.config.HoldfastConfig;
import io.holdfast.server.replica.Farewell;
import io.holdfast.server.replica.Problem;
import io.holdfast.server.replica.ReadOptions;
import io.holdfast.server.replica.Refused;
import io.holdfast.server.replica.Snapshots;
import io.holdfast.server.stream.Outlet;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** All backups that this node sends. For any thread, each backup on the event loop of its connection. */
@Singleton
public final class Backups {

    private final Snapshots snapshots;
    private final Farewell farewell;
    private final HoldfastConfig.Backup bounds;
    private final AtomicInteger open = new AtomicInteger();
    private volatile long lastAtMillis;
    private final Set<BackupStream> streams = ConcurrentHashMap.newKeySet();

    @Inject
    Backups(Snapshots snapshots, Farewell farewell, HoldfastConfig config) {
        this.snapshots = snapshots;
        this.farewell = farewell;
        this.bounds = config.backup();
        farewell.onLeaving(() -> streams.forEach(BackupStream::leave));
    }

    /**
     * Opens a backup. On the event loop of its connection, as all that is done with it.
     *
     * @throws Refused {@code OVERLOADED} when as many are sent as may be, {@code NOT_READY} when this node ends
     */
    public BackupStream open(Caller caller, ReadOptions read, Outlet outlet) {
        if (farewell.isLeaving()) {
            throw new Refused(Problem.NOT_READY, "this node is stopping; ask another", null, null);
        }
        Context context = Vertx.currentContext();
        if (context == null) {
            throw new IllegalStateException("a backup begins on the event loop of its connection");
        }
        if (open.incrementAndGet() > bounds.streamsMax()) {
            open.decrementAndGet();
            String message = "this node sends " + bounds.streamsMax()
                    + " backups, as many as it may at a time; try again when one has ended, or ask another node";
            throw new Refused(Problem.OVERLOADED, message, null, null);
        }
        BackupStream stream = new BackupStream(context, outlet, bounds, this::ended);
        streams.add(stream);
        stream.begin(Future.fromCompletionStage(snapshots.open(caller, read).subscribeAsCompletionStage(), context));
        return stream;
    }

    private void ended(BackupStream stream) {
        if (streams.remove(stream)) {
            open.decrementAndGet();
            if (stream.isWhole()) {
                lastAtMillis = System.currentTimeMillis();
            }
        }
    }

    /** Returns when this node last sent a whole backup, as people call the time; 0 when it never did. Any thread. */
    public long lastAtMillis() {
        return lastAtMillis;
    }
}
