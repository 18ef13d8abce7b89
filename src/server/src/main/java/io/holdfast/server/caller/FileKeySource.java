package io.holdfast.server.caller;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;

/** Keys in a file, which is read again whenever keys are wanted. */
final class FileKeySource implements KeySource {

    private final Vertx vertx;
    private final Path file;

    FileKeySource(Vertx vertx, Path file) {
        this.vertx = vertx;
        this.file = file;
    }

    @Override
    public Future<Fetched> fetch() {
        return vertx.fileSystem().readFile(file.toString()).map(bytes -> new Fetched(null, bytes.toString()));
    }
}
