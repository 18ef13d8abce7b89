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
        /** Tells it to stop, once, and never after it left. */
        void stop();
    }

    @Override
    public synchronized void elected(Lease leadership) {
        lease = leadership;
    }

    @Override
    public void revoked(Lease leadership) {
        boolean interrupted = false;
        synchronized (this) {
            lease = null;
            List.copyOf(running).forEach(Work::stop);
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
            leave(work);
            work.left();
        }
    }

    /** A method on a thread, which is interrupted unless it is an event loop or is under an outer such method. */
    private static final class OnThread implements Work {
        private final Thread thread = Thread.currentThread();
        private final boolean interrupts = CallerThread.mayBlock();
        private boolean interrupted;
        private boolean interruptedBefore;

        @Override
        public void stop() {
            if (interrupts) {
                interrupted = true;
                interruptedBefore = thread.isInterrupted();
                thread.interrupt();
            }
        }

        /** Clears the flag of its thread when only this set it. */
        void left() {
            if (interrupted && !interruptedBefore) {
                boolean unused = Thread.interrupted();
            }
        }
    }
}
