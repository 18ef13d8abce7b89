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
        try {
            replica.start();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the node started", e);
        } catch (Exception e) {
            Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
            ExitCode code = ProcessEnd.codeOf(cause, ExitCode.UNEXPECTED);
            if (code == ExitCode.UNEXPECTED) {
                LOG.error("the node could not start", cause);
            }
            throw new StartFailure(ProcessEnd.message(cause, code), code);
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
