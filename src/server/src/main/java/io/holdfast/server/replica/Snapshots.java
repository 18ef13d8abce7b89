package io.holdfast.server.replica;

import io.holdfast.lock.acl.Verb;
import io.holdfast.server.caller.Caller;
import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.log.BackupSource;
import io.holdfast.zab.log.NoRoomException;
import io.holdfast.zab.log.SnapshotSource;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;

/**
 * What operators ask of this node's snapshots. Called on any thread; completes on the caller's context if it had one,
 * and fails with {@link Refused}.
 */
@Singleton
public final class Snapshots {

    private final Replica replica;
    private final Reads reads;

    @Inject
    Snapshots(Replica replica) {
        this.replica = replica;
        this.reads = new Reads(replica);
    }

    /** Makes a snapshot of what this node has applied, or finds that the last one has all of it. */
    public Uni<Answer<SnapshotView>> take(Caller caller, ReadOptions read) {
        return position(caller, read)
                .chain(at -> blocking(() -> {
                    try (SnapshotSource file = replica.openSnapshot(at.zxid())) {
                        SnapshotView view = new SnapshotView(
                                Revision.unpack(at.zxid().packed()),
                                file.snapshot().fileBytes());
                        return new Answer<>(view, replica.appliedAt(at.zxid().packed()));
                    }
                }));
    }

    /**
     * Opens a backup that has everything that was acknowledged anywhere before the call, unless a local read is asked
     * for. The caller closes it.
     */
    public Uni<BackupSource> open(Caller caller, ReadOptions read) {
        return position(caller, read)
                .chain(at -> blocking(() -> new BackupSource(
                        replica.openSnapshot(at.zxid()),
                        System.currentTimeMillis(),
                        new ServerId(replica.config().nodeId()))));
    }

    private Uni<Position> position(Caller caller, ReadOptions read) {
        return Uni.createFrom()
                .completionStage(() ->
                        replica.access().administered(caller, Verb.ADMIN_BACKUP).toCompletionStage())
                .chain(allowed -> reads.ready(read))
                .chain(ready -> Uni.createFrom()
                        .completionStage(() -> replica.snapshot().toCompletionStage()))
                .onFailure()
                .transform(this::refusal)
                .invoke(at -> {
                    if (at.zxid().equals(Zxid.ZERO)) {
                        throw new Refused(
                                Problem.NOT_READY, "nothing was ever committed here; open a session first", null, null);
                    }
                });
    }

    private Throwable refusal(Throwable failure) {
        if (failure instanceof NoRoomException full) {
            return new Refused(Problem.NO_ROOM, String.valueOf(full.getMessage()), replica.appliedAt(0), null);
        }
        return replica.translated(failure, false);
    }

    /** Does what touches the disk on a worker thread; a snapshot may have been replaced by newer ones meanwhile. */
    private <T> Uni<T> blocking(Blocking<T> work) {
        return Uni.createFrom()
                .completionStage(() -> {
                    Future<T> done = replica.vertx().executeBlocking(work::run, false);
                    return done.toCompletionStage();
                })
                .onFailure(IOException.class)
                .transform(e -> new Refused(
                        Problem.NOT_READY,
                        "the snapshot cannot be read (" + e.getMessage() + "); try again",
                        null,
                        null));
    }

    private interface Blocking<T> {
        T run() throws IOException;
    }
}
