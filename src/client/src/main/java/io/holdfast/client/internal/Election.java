package io.holdfast.client.internal;

import io.holdfast.api.Candidacy;
import io.holdfast.api.LockBody;
import io.holdfast.api.LockNames;
import io.holdfast.api.Metadata;
import io.holdfast.client.Body;
import io.holdfast.client.Leader;
import io.holdfast.client.LeaderElection;
import io.holdfast.client.LockRequest;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A candidate on a thread of its own, which also runs its listener or its body: so {@code elected} and {@code revoked}
 * come in pairs and never at once, and it stands again only after the work ended. Any thread.
 */
final class Election implements LeaderElection {

    private static final System.Logger LOG = System.getLogger(Election.class.getName());
    private static final long LOOK_MILLIS = 1_000;
    private static final long CLOSE_MILLIS = 5_000;

    private final CoreClient client;
    private final LockRequest what;
    private final Candidacy candidacy;
    private final BooleanSupplier eligible;
    private final Work work;
    private final LeaderWatch watch;
    private final Thread thread;
    private volatile @Nullable LeaseHandle leadership;
    private volatile boolean resigning;
    private volatile boolean closed;
    private final CountDownLatch left = new CountDownLatch(1);
    private @Nullable String successor;

    /** What a candidate does while it leads; returns when it must not lead any more, and has stopped. */
    private interface Work {
        void lead(LeaseHandle lease) throws Exception;
    }

    private Election(CoreClient client, String name, Builder builder, @Nullable Listener listener) {
        this.client = client;
        this.candidacy = new Candidacy(builder.candidate, builder.metadata);
        this.what = LockRequest.candidacy(name, builder.candidate, builder.metadata);
        this.eligible = builder.eligible;
        Body<?, ? extends Exception> body = builder.body;
        this.work = body != null ? lease -> BodyRun.run(lease, body) : lease -> tell(listener, lease);
        this.watch = new LeaderWatch(client.services(), name);
        this.thread = ThreadLoop.daemons("holdfast-election").newThread(this::stand);
    }

    /** How an election is to be. */
    static final class Builder implements LeaderElection.Builder {
        private final CoreClient client;
        private final String name;
        private String candidate = UUID.randomUUID().toString();
        private Metadata metadata = Metadata.NONE;
        private BooleanSupplier eligible = () -> true;
        private @Nullable Body<?, ? extends Exception> body;

        Builder(CoreClient client, String name) {
            this.client = client;
            this.name = LockNames.require(name);
        }

        @Override
        public Builder candidate(String id) {
            candidate = id;
            return this;
        }

        @Override
        public Builder metadata(Metadata json) {
            metadata = json;
            return this;
        }

        @Override
        public Builder eligible(BooleanSupplier condition) {
            eligible = condition;
            return this;
        }

        @Override
        public LeaderElection start(Listener listener) {
            return start(new Election(client, name, this, listener));
        }

        @Override
        public LeaderElection run(Body<?, ? extends Exception> work) {
            body = work;
            return start(new Election(client, name, this, null));
        }

        private static LeaderElection start(Election election) {
            election.client.track(election);
            election.thread.start();
            return election;
        }
    }

    @Override
    public String candidate() {
        return candidacy.candidate();
    }

    @Override
    public boolean isLeader() {
        LeaseHandle lease = leadership;
        return lease != null && !resigning && !closed && !lease.stopping();
    }

    @Override
    public Optional<Leader> leader() {
        return watch.leader();
    }

    @Override
    public Optional<Leader> leaderNow() throws InterruptedException {
        Blocking.interruptibly(Blocking.on(client.services().loop(), watch::read));
        return watch.leader();
    }

    @Override
    public void observe(Consumer<Leader> listener) {
        watch.observe(listener);
    }

    @Override
    public void resign() {
        resign(null);
    }

    private synchronized void resign(@Nullable String ticket) {
        LeaseHandle lease = leadership;
        if (lease != null && !resigning) {
            successor = ticket;
            resigning = true;
            lease.stop();
        }
    }

    @Override
    public boolean handOver(String candidate) throws InterruptedException {
        if (!isLeader()) {
            return false;
        }
        LockBody lock = Blocking.interruptibly(Blocking.on(client.services().loop(), watch::read));
        for (LockBody.Waiter waiter : lock.waiters()) {
            Metadata ticket = waiter.metadata() == null ? Metadata.NONE : waiter.metadata();
            if (Candidacy.of(ticket, waiter.session()).candidate().equals(candidate)) {
                resign(waiter.grant());
                return true;
            }
        }
        return false;
    }

    /** Stands no more, and has the work told to stop. */
    void leave() {
        closed = true;
        resign();
        left.countDown();
        client.services().loop().execute(watch::close);
    }

    @Override
    public void close() {
        leave();
        if (Thread.currentThread() != thread) {
            boolean interrupted = Thread.interrupted();
            try {
                thread.join(CLOSE_MILLIS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        client.untrack(this);
    }

    private void stand() {
        while (!closed) {
            try {
                if (eligible.getAsBoolean()) {
                    Optional<LeaseHandle> lease = acquire();
                    if (lease.isPresent()) {
                        lead(lease.get());
                    }
                } else {
                    pause();
                }
            } catch (RuntimeException e) {
                if (!closed) {
                    LOG.log(System.Logger.Level.WARNING, "the candidate " + candidate() + " stands again", e);
                    pause();
                }
            }
            // An interrupt of the listener or the body was for the work that is over.
            boolean unused = Thread.interrupted();
        }
    }

    private void pause() {
        try {
            boolean over = left.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            LOG.log(System.Logger.Level.TRACE, "the election is closed: {0}", over);
        } catch (InterruptedException e) {
            LOG.log(System.Logger.Level.DEBUG, "an election looks at once", e);
        }
    }

    /** Waits for the leadership; nothing when it may stand no more meanwhile. */
    private Optional<LeaseHandle> acquire() {
        PendingLease pending = client.begin(client.owner(), what, Acquisition.FOREVER);
        while (!closed && eligible.getAsBoolean()) {
            try {
                return pending.result().get(closed ? 0 : LOOK_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                LOG.log(System.Logger.Level.TRACE, "waits on");
            } catch (InterruptedException e) {
                break;
            } catch (ExecutionException e) {
                throw new IllegalStateException("not granted: " + e.getCause(), e);
            }
        }
        pending.withdraw();
        return Optional.empty();
    }

    private void lead(LeaseHandle lease) {
        synchronized (this) {
            resigning = false;
            successor = null;
            leadership = lease;
        }
        if (closed) {
            resign();
        }
        QuietStream quiet = QuietStream.follow(client.services(), lease.session());
        try {
            if (!lease.stopping()) {
                work.lead(lease);
            }
        } catch (InterruptedException e) {
            LOG.log(System.Logger.Level.DEBUG, "the work of the leader was stopped", e);
        } catch (Exception e) {
            LOG.log(System.Logger.Level.WARNING, "the work of the leader " + candidate() + " failed", e);
        } finally {
            boolean unused = Thread.interrupted();
            leadership = null;
            quiet.close();
            giveUp(lease);
        }
    }

    private void giveUp(LeaseHandle lease) {
        String to;
        synchronized (this) {
            to = successor;
        }
        try {
            if (to != null && !lease.isOver() && lease.handOver(to)) {
                return;
            }
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.INFO, "the leadership is released, as it could not be handed over", e);
        }
        lease.close();
    }

    private void tell(@Nullable Listener listener, LeaseHandle lease) throws Exception {
        if (listener == null) {
            return;
        }
        CountDownLatch stop = new CountDownLatch(1);
        lease.onStopNow(stop::countDown);
        Overrun overrun = Overrun.watch(lease);
        try {
            listener.elected(lease);
            await(stop);
        } finally {
            listener.revoked(lease);
            overrun.end();
        }
    }

    /** Waits whatever interrupts: nothing of the client does, though the listener may have. */
    private static void await(CountDownLatch stop) {
        boolean over = false;
        while (!over) {
            try {
                stop.await();
                over = true;
            } catch (InterruptedException e) {
                LOG.log(System.Logger.Level.DEBUG, "the leader goes on", e);
            }
        }
    }
}
