package io.holdfast.server.tls;

import io.holdfast.server.config.BadConfiguration;
import io.holdfast.server.config.HoldfastConfig;
import io.holdfast.server.config.TlsConfig;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Gives the HTTPS port its certificate, if the settings have one; without a certificate the server opens no such port.
 */
@Singleton
final class ClientPort implements HttpServerOptionsCustomizer {

    private static final String PLAIN = "quarkus.http.insecure-requests";

    private final NodeTls tls;
    private final TlsConfig settings;
    private final String plain;

    @Inject
    ClientPort(NodeTls tls, HoldfastConfig config, @ConfigProperty(name = PLAIN) String plain) {
        this.tls = tls;
        this.settings = config.tls();
        this.plain = plain;
    }

    @Override
    public void customizeHttpsServer(HttpServerOptions options) {
        // Derived from the mode, unless the mode is spelt otherwise or the setting is made on its own.
        if (settings.mode() == TlsConfig.Mode.REQUIRED && !plain.equalsIgnoreCase("disabled")) {
            throw new BadConfiguration(
                    "holdfast.tls.mode",
                    "is required, and " + PLAIN + " would open the plain port ('" + plain
                            + "'): write the mode in small letters, and leave the other setting out");
        }
        tls.secure(options);
    }
}
