package io.holdfast.zab.node;

import static io.holdfast.zab.node.TestEnsemble.await;
import static io.holdfast.zab.node.TestEnsemble.until;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.MemberRole;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.message.SnapshotChunk;
import io.holdfast.zab.log.Disk;
import io.holdfast.zab.log.FileDisk;
import io.holdfast.zab.log.LogConfig;
import io.holdfast.zab.log.LogIdentity;
import io.holdfast.zab.log.Opened;
import io.holdfast.zab.log.StoredSnapshot;
import io.holdfast.zab.log.WriteAheadLog;
import io.holdfast.zab.net.Workers;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of a snapshot that does not come to its end. */
class SnapshotIntakeTest {

    private static final Zxid AT = new Zxid(1, 7);

    @TempDir
    Path directory;

    private final Vertx vertx = Vertx.vertx();
    private final AtomicReference<String> ended = new AtomicReference<>("");

    @AfterEach
    void closeVertx() {
        await(vertx.close());
    }

    @Test
    void nothingIsLeftOpenOfASnapshotThatWasNotCompleteAtTheStop() throws IOException {
        Member self = new Member(new ServerId(1), MemberRole.VOTER, "127.0.0.1", 1);
        try (Disk disk = FileDisk.at(directory.toString());
                Opening opening = new Opening(disk, self)) {
            Context context = vertx.getOrCreateContext();
            Workers workers = new Workers(context, vertx.createSharedWorkerExecutor("intake-test"));
            SnapshotIntake intake = new SnapshotIntake(opening.opened().snapshots(), workers, new Ended());
            SortedSet<String> before = disk.list();
            context.runOnContext(ignored -> intake.offer(AT, new SnapshotChunk(0, Payload.of(new byte[100]), false)));
            until("the first chunk is written", () -> ended.get().equals("100 bytes"));
            assertEquals(before.size() + 1, disk.list().size());
            Promise<Object> stopped = Promise.promise();
            context.runOnContext(ignored -> intake.stop().<Object>mapEmpty().onComplete(stopped));
            await(stopped.future());
            assertEquals(before, disk.list());
        }
    }

    private record Opening(Opened opened) implements AutoCloseable {

        Opening(Disk disk, Member self) throws IOException {
            this(WriteAheadLog.open(
                    disk,
                    LogConfig.DEFAULTS,
                    new LogIdentity("test", self.id()),
                    new Configuration(0, List.of(self)),
                    new DiskId(1, 2)));
        }

        @Override
        public void close() throws IOException {
            opened.log().close();
        }
    }

    private final class Ended implements SnapshotIntake.Outcome {

        @Override
        public void stored(StoredSnapshot snapshot) {
            ended.set("stored");
        }

        @Override
        public void refused(Zxid at, String reason) {
            ended.set(reason);
        }

        @Override
        public void failed(Throwable cause) {
            ended.set(String.valueOf(cause));
        }

        @Override
        public void received(Zxid at, long bytes) {
            ended.set(bytes + " bytes");
        }

        @Override
        public void progressed() {}
    }
}
