package io.holdfast.server.tls;

import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/**
 * Gives the HTTPS port its certificate, if the settings have one; without a certificate the server opens no such port.
 */
@Singleton
final class ClientPort implements HttpServerOptionsCustomizer {

    private final NodeTls tls;

    @Inject
    ClientPort(NodeTls tls) {
        this.tls = tls;
    }

    @Override
    public void customizeHttpsServer(HttpServerOptions options) {
        tls.secure(options);
    }
}
