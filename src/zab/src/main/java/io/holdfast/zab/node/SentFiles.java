package io.holdfast.zab.node;

import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.log.SnapshotDamagedException;
import io.holdfast.zab.log.SnapshotSource;
import io.holdfast.zab.log.SnapshotStore;
import io.holdfast.zab.net.SnapshotFiles;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * Opens the snapshots that are sent to learners. A node whose snapshot is found damaged while it is sent ends, as one
 * does that finds it when it makes the next: its next start goes on from the one before. To go on would keep those out
 * who need a snapshot. On worker threads.
 */
final class SentFiles implements SnapshotFiles {

    private final SnapshotStore store;
    private final Consumer<SnapshotDamagedException> damaged;

    /**
     * Opens what the store has.
     *
     * @param damaged is told, on a worker thread, of a snapshot that the store has and that is damaged
     */
    SentFiles(SnapshotStore store, Consumer<SnapshotDamagedException> damaged) {
        this.store = store;
        this.damaged = damaged;
    }

    @Override
    public SnapshotFile open(Zxid at) throws IOException {
        SnapshotSource source = unlessDamaged(at, () -> store.source(at));
        return new SnapshotFile() {
            @Override
            public Payload read(long offset) throws IOException {
                return unlessDamaged(at, () -> source.read(offset));
            }

            @Override
            public void close() throws IOException {
                source.close();
            }
        };
    }

    private <T> T unlessDamaged(Zxid at, FileAccess<T> access) throws IOException {
        try {
            return access.run();
        } catch (SnapshotDamagedException e) {
            if (store.has(at)) {
                damaged.accept(e);
            }
            throw e;
        }
    }

    private interface FileAccess<T> {
        T run() throws IOException;
    }
}
