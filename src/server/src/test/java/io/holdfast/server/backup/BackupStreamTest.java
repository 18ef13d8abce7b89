package io.holdfast.server.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.ensemble.Eventually;
import io.holdfast.server.config.HoldfastConfig;
import io.holdfast.server.offline.Copy;
import io.holdfast.server.stream.Outlet;
import io.holdfast.zab.log.BackupSource;
import io.netty.buffer.ByteBuf;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No reader keeps a backup for ever, and none is given more than it takes. */
class BackupStreamTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path temp;

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final Connection connection = new Connection();
    private final AtomicInteger over = new AtomicInteger();
    private BackupSource source;

    private static final class Connection implements Outlet {
        private final Buffer received = Buffer.buffer();
        private volatile boolean full;
        private volatile boolean ended;
        private volatile boolean cut;

        @Override
        public void write(ByteBuf shared) {
            throw new AssertionError("a backup is for one reader");
        }

        @Override
        public void write(Buffer bytes) {
            received.appendBuffer(bytes);
        }

        @Override
        public boolean isFull() {
            return full;
        }

        @Override
        public void end() {
            ended = true;
        }

        @Override
        public void cut() {
            cut = true;
        }
    }

    private record Bounds(int streamsMax, Duration stall, Duration timeMax) implements HoldfastConfig.Backup {}

    @BeforeEach
    void backUp() throws IOException {
        source = new Copy(temp.resolve("data")).backup();
    }

    @AfterEach
    void close() throws InterruptedException {
        CountDownLatch closed = new CountDownLatch(1);
        vertx.close().onComplete(ignored -> closed.countDown());
        assertTrue(closed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    }

    private BackupStream begin(Duration stall, Duration timeMax) {
        Bounds bounds = new Bounds(2, stall, timeMax);
        BackupStream stream = new BackupStream(context, connection, bounds, ended -> over.incrementAndGet());
        context.runOnContext(v -> stream.begin(Future.succeededFuture(source)));
        return stream;
    }

    private static void until(String what, java.util.function.BooleanSupplier condition) throws TimeoutException {
        Eventually.await(what, PATIENCE, condition);
    }

    @Test
    void aReaderGetsAllAndTheEnd() throws TimeoutException {
        BackupStream stream = begin(PATIENCE, PATIENCE);
        until("the end", () -> connection.ended);
        assertEquals(stream.bytes(), connection.received.length());
        assertEquals("7-11", stream.revision().toString());
        until("it is over", () -> over.get() == 1);
        assertFalse(connection.cut);
    }

    @Test
    void aReaderThatTakesNothingIsCutOff() throws TimeoutException {
        connection.full = true;
        begin(Duration.ofMillis(300), PATIENCE);
        until("the cut", () -> connection.cut);
        until("it is over", () -> over.get() == 1);
        assertEquals(0, connection.received.length());
    }

    @Test
    void aReaderThatIsTooSlowForAllOfItIsCutOffToo() throws TimeoutException {
        connection.full = true;
        begin(PATIENCE, Duration.ofMillis(300));
        until("the cut", () -> connection.cut);
        until("it is over", () -> over.get() == 1);
    }

    @Test
    void aReaderThatWasFullGoesOnWhenItHasRead() throws TimeoutException {
        connection.full = true;
        BackupStream stream = begin(PATIENCE, PATIENCE);
        until("it has begun", () -> stream.begun().isComplete());
        connection.full = false;
        context.runOnContext(v -> stream.drained());
        until("the end", () -> connection.ended);
        assertEquals(stream.bytes(), connection.received.length());
    }

    @Test
    void aNodeThatEndsCutsItsBackups() throws TimeoutException {
        connection.full = true;
        BackupStream stream = begin(PATIENCE, PATIENCE);
        until("it has begun", () -> stream.begun().isComplete());
        stream.leave();
        until("the cut", () -> connection.cut);
    }

    @Test
    void aReaderThatIsGoneBeforeTheBeginningLeavesNothing() throws TimeoutException {
        Bounds bounds = new Bounds(2, PATIENCE, PATIENCE);
        BackupStream stream = new BackupStream(context, connection, bounds, ended -> over.incrementAndGet());
        context.runOnContext(v -> {
            stream.close();
            stream.begin(Future.succeededFuture(source));
        });
        until("it is over", () -> over.get() == 1);
        assertEquals(0, connection.received.length());
    }
}
