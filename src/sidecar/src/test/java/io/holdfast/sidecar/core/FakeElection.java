package io.holdfast.sidecar.core;

import io.holdfast.client.Leader;
import io.holdfast.client.LeaderElection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** An election that a test decides; its listener is called on a thread of its own, as the client does it. */
public final class FakeElection implements LeaderElection {

    private final Listener listener;
    private final Set<String> standing = ConcurrentHashMap.newKeySet();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private volatile FakeLease lease = new FakeLease(0);
    private volatile CountDownLatch revoked = new CountDownLatch(0);
    private volatile boolean released;
    private volatile Runnable whileAsked = () -> {};

    public FakeElection(Listener listener) {
        this.listener = listener;
    }

    public FakeLease elect(long token) throws Exception {
        lease = new FakeLease(token);
        released = false;
        listener.elected(lease);
        return lease;
    }

    /** The work must stop; the lock is released once the listener returned. */
    public void stop() {
        FakeLease present = lease;
        present.mustStop();
        CountDownLatch done = new CountDownLatch(1);
        revoked = done;
        Thread thread = new Thread(() -> {
            listener.revoked(present);
            released = true;
            present.close();
            done.countDown();
        });
        thread.setDaemon(true);
        thread.start();
    }

    public boolean isReleased() {
        return released;
    }

    public void awaitReleased() throws InterruptedException {
        revoked.await();
    }

    public void stands(String candidate) {
        standing.add(candidate);
    }

    /** Happens while the candidates are read. */
    public void whileAsked(Runnable action) {
        whileAsked = action;
    }

    public List<String> calls() {
        return calls;
    }

    @Override
    public String candidate() {
        return "pod-1";
    }

    @Override
    public boolean isLeader() {
        return !lease.stopping();
    }

    @Override
    public Optional<Leader> leader() {
        return Optional.empty();
    }

    @Override
    public Optional<Leader> leaderNow() {
        return Optional.empty();
    }

    @Override
    public void observe(Consumer<Leader> told) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void resign() {
        calls.add("resign");
        stop();
    }

    @Override
    public boolean handOver(String candidate) {
        calls.add("handOver " + candidate);
        whileAsked.run();
        if (!standing.contains(candidate)) {
            return false;
        }
        stop();
        return true;
    }

    @Override
    public void close() {
        calls.add("close");
    }
}
