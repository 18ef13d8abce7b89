package io.holdfast.server.edge;

import io.holdfast.server.config.HoldfastConfig;
import io.holdfast.server.config.ManagementConfig;
import io.holdfast.server.replica.ProcessEnd;
import io.holdfast.server.replica.StartFailure;
import io.netty.util.AttributeKey;
import io.quarkus.vertx.http.HttpServerStart;
import io.quarkus.vertx.http.HttpsServerStart;
import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * A plain port for probes and monitoring, opened beside the ports of clients when the settings have one. Its requests
 * take the same way as all others, and the gate lets them reach nothing else.
 */
@Singleton
public final class ManagementPort {

    private static final Logger LOG = Logger.getLogger("io.holdfast.http");
    private static final AttributeKey<Boolean> OF_MANAGEMENT = AttributeKey.valueOf("holdfast.management");
    private static final int HEAD_MAX = 16 << 10;
    private static final int IDLE_SECONDS = 120;

    private final Vertx vertx;
    private final ManagementConfig settings;
    private final AtomicBoolean begun = new AtomicBoolean();
    private volatile int port;

    @Inject
    ManagementPort(Vertx vertx, HoldfastConfig config) {
        this.vertx = vertx;
        this.settings = config.management();
    }

    void onListening(@ObservesAsync HttpServerStart listening) {
        open();
    }

    void onListening(@ObservesAsync HttpsServerStart listening) {
        open();
    }

    private void open() {
        if (!isSet() || !begun.compareAndSet(false, true)) {
            return;
        }
        HttpServerOptions options = new HttpServerOptions()
                .setHost(settings.host())
                .setPort(settings.port().orElseThrow())
                .setMaxHeaderSize(HEAD_MAX)
                .setIdleTimeout(IDLE_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS);
        vertx.createHttpServer(options)
                .connectionHandler(ManagementPort::mark)
                .requestHandler(VertxHttpRecorder.getRootHandler())
                .listen()
                .onSuccess(this::opened)
                .onFailure(failure ->
                        ProcessEnd.now(StartFailure.portUnavailable("holdfast.management.port: " + settings.host() + ":"
                                + options.getPort() + " cannot be listened on: " + failure.getMessage())));
    }

    private void opened(HttpServer server) {
        port = server.actualPort();
        LOG.infof("Health and metrics are served at http://%s:%d/q", settings.host(), port);
    }

    private static void mark(HttpConnection connection) {
        if (connection instanceof ConnectionBase base) {
            base.channel().attr(OF_MANAGEMENT).set(true);
        }
    }

    /** Returns whether this node has such a port. */
    public boolean isSet() {
        return settings.port().isPresent();
    }

    /** Returns the address that it listens on. */
    public String host() {
        return settings.host();
    }

    /** Returns the port that was opened; 0 while there is none. */
    public int port() {
        return port;
    }

    /** Returns whether a request came through this port. */
    public static boolean isOf(HttpServerRequest request) {
        return request.connection() instanceof ConnectionBase base
                && Boolean.TRUE.equals(base.channel().attr(OF_MANAGEMENT).get());
    }
}
