package io.holdfast.server.replica;

import io.holdfast.server.config.Exposure;
import io.holdfast.server.config.HoldfastConfig;
import io.holdfast.server.config.NodeSettings;
import io.holdfast.server.tls.NodeTls;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.ExecutionException;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;

/**
 * Starts the replica beside the application, and closes it with it. HTTP opens meanwhile, so that probes are told that
 * the node recovers its log, or waits to be let in, where a refused connection would say nothing.
 */
@Singleton
final class ReplicaLifecycle {

    private static final Logger LOG = Logger.getLogger("io.holdfast.node");

    private final Replica replica;
    private final HoldfastConfig config;
    private final NodeTls tls;

    @Inject
    ReplicaLifecycle(Replica replica, HoldfastConfig config, NodeTls tls) {
        this.replica = replica;
        this.config = config;
        this.tls = tls;
    }

    void onStart(@Observes StartupEvent event) {
        try {
            Config settings = ConfigProvider.getConfig();
            NodeSettings.check(settings, System.getenv());
            String http = settings.getValue(Exposure.HTTP_HOST, String.class);
            Exposure.check(config, http, NodeSettings.of(config).listenHost());
            tls.start();
            replica.watch().alsoWarn("certificate", tls::warnings);
        } catch (Exception e) {
            throw failure(e);
        }
        Thread starting = new Thread(this::start, "holdfast-start");
        starting.setDaemon(true);
        starting.start();
    }

    private void start() {
        try {
            replica.start(tls.peers());
        } catch (Exception e) {
            ProcessEnd.now(failure(e));
        }
    }

    private static StartFailure failure(Exception e) {
        if (e instanceof InterruptedException) {
            return new StartFailure("the node was stopped while it started", ExitCode.DONE);
        }
        Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
        ExitCode code = ProcessEnd.codeOf(cause, ExitCode.UNEXPECTED);
        if (code == ExitCode.UNEXPECTED) {
            LOG.error("the node could not start", cause);
        }
        return new StartFailure(ProcessEnd.message(cause, code), code);
    }

    void onStop(@Observes ShutdownEvent event) {
        tls.stop();
        try {
            replica.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.warn("the node did not close in order; its log is recovered at the next start", e);
        }
    }
}
