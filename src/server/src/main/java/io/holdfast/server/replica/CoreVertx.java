package io.holdfast.server.replica;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;

/**
 * Makes the Vert.x instance that the node runs on, beside the one of HTTP: with one instance for both, a part of all
 * connections, their JSON and their TLS would share the thread that sends heartbeats, applies and expires.
 */
final class CoreVertx {

    /** One for the node and its links to others; one more so that a timer or a name look-up never waits for it. */
    private static final int EVENT_LOOPS = 2;

    private static final int WORKERS = 2;

    private CoreVertx() {}

    /** Returns an instance that the caller closes. */
    static Vertx create() {
        return Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(EVENT_LOOPS)
                .setWorkerPoolSize(WORKERS)
                .setInternalBlockingPoolSize(WORKERS)
                // It serves no files: nothing is unpacked into a directory of its own.
                .setFileSystemOptions(new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false)));
    }
}
