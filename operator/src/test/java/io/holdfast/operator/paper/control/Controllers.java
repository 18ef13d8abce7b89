package io.holdfast.operator.paper.control;

import io.holdfast.operator.paper.api.Access;
import io.holdfast.operator.paper.api.ApiException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** The controllers of the control plane: after each change all of them look at everything, in one thread. */
public final class Controllers implements AutoCloseable {

    /** Brings objects to where they should be; a conflict with another writer is no failure, another round follows. */
    interface Controller {
        void reconcile(Access access);
    }

    private final List<Controller> all = List.of(
            new StatefulSets(), new Budgets(), new Jobs(), new Garbage(), new ClaimProtection(), new Namespaces());
    private final Access access;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(work -> new Thread(work, "paper-controllers"));
    private final AtomicBoolean due = new AtomicBoolean();
    private volatile boolean paused;

    private Controllers(Access access) {
        this.access = access;
    }

    /** Starts them. */
    public static Controllers start(Access access) {
        var controllers = new Controllers(access);
        access.onChange(controllers::wake);
        controllers.wake();
        return controllers;
    }

    /** While paused nothing that is lost comes back, as when the controller manager is down. */
    public void pause(boolean now) {
        paused = now;
        wake();
    }

    private void wake() {
        if (!thread.isShutdown() && due.compareAndSet(false, true)) {
            thread.execute(this::round);
        }
    }

    private void round() {
        due.set(false);
        if (paused) {
            return;
        }
        for (var controller : all) {
            try {
                controller.reconcile(access);
            } catch (ApiException overtaken) {
                wake();
            }
        }
    }

    @Override
    public void close() {
        paused = true;
        thread.shutdown();
        try {
            thread.awaitTermination(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
