package io.holdfast.server.config;

import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** TLS for clients, versions 1.2 and 1.3, on the port {@code quarkus.http.ssl-port} (7143). */
public interface TlsConfig {

    /** On which ports clients are served. */
    enum Mode {
        /** On the plain one. */
        OFF,
        /** On both. */
        BOTH,
        /** On the one with TLS. */
        REQUIRED
    }

    /** Whether clients show a certificate. */
    enum ClientCertificates {
        /** They are not asked for one. */
        NONE,
        /** They are asked, and may have none. */
        OPTIONAL,
        /** Without one the handshake fails. */
        REQUIRED
    }

    /**
     * {@code off}: clients are served on the plain port (7100) only. {@code both}: on the plain port and with TLS on
     * 7143. {@code required}: with TLS only; the plain port is closed.
     */
    @WithDefault("off")
    Mode mode();

    /** PEM file with this node's certificate for clients, and those between it and an authority. */
    Optional<Path> certificate();

    /** PEM file with the private key of the certificate, without a password. */
    Optional<Path> key();

    /**
     * Whether clients show a certificate from an authority in {@code holdfast.tls.client-ca}: {@code none},
     * {@code optional} or {@code required}. A certificate that is shown must be valid in any case.
     */
    @WithDefault("none")
    ClientCertificates clientCertificates();

    /** PEM file with the authorities that the certificates of clients come from. */
    Optional<Path> clientCa();

    /** PEM file with the lists of revoked certificates of clients. Default: none. */
    Optional<Path> crl();

    /**
     * How often this node looks whether the files of its certificates changed, those for peers included. It uses new
     * ones without a restart. If they do not belong together it keeps the old ones and logs why.
     */
    @WithDefault("30s")
    @DurationMin(millis = 100)
    @DurationMax(hours = 1)
    Duration reload();
}
