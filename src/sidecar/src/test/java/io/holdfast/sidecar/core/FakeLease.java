package io.holdfast.sidecar.core;

import io.holdfast.api.Mode;
import io.holdfast.client.Lease;
import io.holdfast.client.Loss;
import io.holdfast.client.Notice;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A lease that lasts as long as a test says. */
public final class FakeLease implements Lease {

    private final long token;
    private final CompletableFuture<Loss> lost = new CompletableFuture<>();
    private volatile long remainingMillis = 9_900;
    private volatile boolean stopping;

    public FakeLease(long token) {
        this.token = token;
    }

    public void lasts(long millis) {
        remainingMillis = millis;
    }

    public void mustStop() {
        stopping = true;
    }

    public void end(Loss loss) {
        stopping = true;
        remainingMillis = 0;
        lost.complete(loss);
    }

    @Override
    public long token() {
        return token;
    }

    @Override
    public String grant() {
        return "grant-" + token;
    }

    @Override
    public List<String> locks() {
        return List.of("jobs/leader");
    }

    @Override
    public Mode mode() {
        return Mode.EXCLUSIVE;
    }

    @Override
    public Duration remaining() {
        return Duration.ofMillis(remainingMillis);
    }

    @Override
    public void check() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean stopping() {
        return stopping;
    }

    @Override
    public void onStop(Runnable action) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void onNotice(Consumer<Notice> listener) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Loss> lost() {
        return lost;
    }

    @Override
    public boolean upgrade() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void downgrade() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean handOver(String ticket) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean endAfter(Duration time) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void release(Duration closedFor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        end(Loss.RELEASED);
    }
}
