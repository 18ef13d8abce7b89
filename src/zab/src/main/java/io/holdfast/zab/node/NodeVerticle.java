package io.holdfast.zab.node;

import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.log.Disk;
import io.holdfast.zab.log.LogIdentity;
import io.holdfast.zab.log.Opened;
import io.holdfast.zab.log.WriteAheadLog;
import io.holdfast.zab.net.Workers;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Promise;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Starts and stops a node; being a verticle gives it a context of its own, and an end when Vert.x is closed. */
final class NodeVerticle<S extends StateMachine> extends AbstractVerticle {

    private static final Logger LOG = Logger.getLogger(ZabNode.class);

    /** What was read from the disk, and the disk, to be closed after it. */
    private record Directory<S>(Disk disk, Opened opened, S state) {}

    private static final int WORKERS = 3;
    private static final int WORK_MINUTES_MAX = 10;

    private final NodeParts<S> parts;
    private @Nullable Directory<S> directory;
    private @Nullable NodeLoop<S> loop;
    private @Nullable Workers workers;
    private int port;

    NodeVerticle(NodeParts<S> parts) {
        this.parts = parts;
    }

    /** Returns the running part; known once the verticle has started. */
    NodeLoop<S> loop() {
        NodeLoop<S> started = loop;
        if (started == null) {
            throw new IllegalStateException("the node has not started");
        }
        return started;
    }

    int port() {
        return port;
    }

    @Override
    public void start(Promise<Void> started) {
        NodeConfig config = parts.config();
        // Made in here it ends after this verticle; Vert.x' own would be interrupted before the node could stop.
        Workers own = new Workers(
                context,
                vertx.createSharedWorkerExecutor(
                        "holdfast-disk-" + config.clusterId() + "-" + config.self(),
                        WORKERS,
                        WORK_MINUTES_MAX,
                        TimeUnit.MINUTES));
        workers = own;
        own.run(this::open)
                .compose(opened -> {
                    directory = opened;
                    loop = new NodeLoop<>(vertx, parts, own, opened.opened(), opened.state());
                    return loop().listen();
                })
                .onSuccess(number -> {
                    port = number;
                    loop().begin();
                    started.complete();
                })
                .onFailure(cause -> abandon(cause, started));
    }

    @Override
    public void stop(Promise<Void> stopped) {
        loop().stop()
                .eventually(() -> workers().run(this::close))
                .eventually(() -> workers().close())
                .onComplete(stopped);
    }

    private Workers workers() {
        return Objects.requireNonNull(workers, "the node has not started");
    }

    private Directory<S> open() throws IOException {
        NodeConfig config = parts.config();
        Disk disk = parts.disk().open();
        try {
            SecureRandom random = new SecureRandom();
            Opened opened = WriteAheadLog.open(
                    disk,
                    config.log(),
                    new LogIdentity(config.clusterId(), config.self()),
                    config.bootstrap(),
                    new DiskId(random.nextLong(), random.nextLong()));
            opened.notes().forEach(note -> LOG.infof("server %s: %s", config.self(), note));
            S state = new StateFiles<>(opened.snapshots(), parts.factory())
                    .load(opened.recovered().snapshot().zxid());
            return new Directory<>(disk, opened, state);
        } catch (IOException | RuntimeException e) {
            disk.close();
            throw e;
        }
    }

    private boolean close() throws IOException, InterruptedException {
        Directory<S> open = directory;
        if (open == null) {
            return false;
        }
        try {
            loop().closeLog();
        } finally {
            open.disk().close();
        }
        return true;
    }

    /** Nothing runs yet, but the directory may be open. */
    private void abandon(Throwable cause, Promise<Void> started) {
        Directory<S> open = directory;
        workers()
                .run(() -> {
                    if (open != null) {
                        try {
                            open.opened().log().close();
                        } finally {
                            open.disk().close();
                        }
                    }
                    return true;
                })
                .eventually(() -> workers().close())
                .onComplete(ignored -> started.fail(cause));
    }
}
