package io.holdfast.cdi;

import io.holdfast.client.LeaderElection;
import io.holdfast.client.Lease;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The leadership of this application in one election, and the methods that run under it: they are told to stop, and
 * have ended when it is given up. Any thread.
 */
final class Leadership implements LeaderElection.Listener {

    private final List<Work> running = new ArrayList<>();
    private @Nullable Lease lease;

    /** A method that runs. */
    interface Work {
        /** Tells it to stop; without effect once it ended. May run code of the application. */
        void stop();
    }

    @Override
    public synchronized void elected(Lease leadership) {
        lease = leadership;
    }

    @Override
    public void revoked(Lease leadership) {
        boolean interrupted = false;
        end().forEach(Work::stop);
        synchronized (this) {
            while (!running.isEmpty()) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets no method begin any more; returns those that run. */
    private synchronized List<Work> end() {
        lease = null;
        return List.copyOf(running);
    }

    /** Lets a method begin; nothing when this application does not lead, or must stop. */
    synchronized Optional<Lease> enter(Work work) {
        Lease present = lease;
        if (present == null || present.stopping()) {
            return Optional.empty();
        }
        running.add(work);
        return Optional.of(present);
    }

    synchronized void leave(Work work) {
        running.remove(work);
        notifyAll();
    }

    /** Runs a method on this thread; nothing when this application does not lead. */
    Optional<Ran> run(Callable<@Nullable Object> method) throws Exception {
        OnThread work = new OnThread();
        Optional<Lease> entered = enter(work);
        if (entered.isEmpty()) {
            return Optional.empty();
        }
        Lease held = entered.get();
        try {
            Ran ran = new Ran(Leases.within(held, method));
            held.check();
            return Optional.of(ran);
        } finally {
            work.end();
            leave(work);
        }
    }

    /** A method on a thread, which is interrupted once, unless it is an event loop. */
    private static final class OnThread implements Work {
        private final Thread thread = Thread.currentThread();
        private final boolean interrupts = CallerThread.mayBlock();
        private boolean ended;
        private boolean interrupted;
        private boolean interruptedBefore;

        @Override
        public synchronized void stop() {
            if (interrupts && !ended) {
                interrupted = true;
                interruptedBefore = thread.isInterrupted();
                thread.interrupt();
            }
        }

        /** Clears the flag of its thread when only this set it. */
        synchronized void end() {
            ended = true;
            if (interrupted && !interruptedBefore) {
                boolean unused = Thread.interrupted();
            }
        }
    }
}
