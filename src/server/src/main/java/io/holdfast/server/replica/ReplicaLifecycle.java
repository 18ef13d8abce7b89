package io.holdfast.server.replica;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.ExecutionException;
import org.jboss.logging.Logger;

/** Starts the replica with the application and closes it with it. */
@Singleton
final class ReplicaLifecycle {

    private static final Logger LOG = Logger.getLogger("io.holdfast.node");

    private final Replica replica;

    @Inject
    ReplicaLifecycle(Replica replica) {
        this.replica = replica;
    }

    void onStart(@Observes StartupEvent event) {
        // A node that joins may wait for long, and the framework waits for the end of the start before it stops.
        Thread waker = new Thread(Thread.currentThread()::interrupt, "holdfast-stop-while-starting");
        Runtime.getRuntime().addShutdownHook(waker);
        try {
            replica.start();
        } catch (InterruptedException e) {
            throw new StartFailure("the node was stopped while it started", ExitCode.DONE);
        } catch (Exception e) {
            Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
            ExitCode code = ProcessEnd.codeOf(cause, ExitCode.UNEXPECTED);
            if (code == ExitCode.UNEXPECTED) {
                LOG.error("the node could not start", cause);
            }
            throw new StartFailure(ProcessEnd.message(cause, code), code);
        } finally {
            forget(waker);
        }
    }

    private static void forget(Thread waker) {
        try {
            Runtime.getRuntime().removeShutdownHook(waker);
        } catch (IllegalStateException ending) {
            LOG.debug("the process ends already");
        }
    }

    void onStop(@Observes ShutdownEvent event) {
        try {
            replica.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.warn("the node did not close in order; its log is recovered at the next start", e);
        }
    }
}
