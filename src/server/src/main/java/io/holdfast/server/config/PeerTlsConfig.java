package io.holdfast.server.config;

import io.holdfast.zab.net.PeerTls;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/**
 * TLS between the members of an ensemble, version 1.3, with certificates at both ends. {@code docs/security.md}
 * describes which certificate is of which member.
 */
public interface PeerTlsConfig {

    /**
     * {@code off}: connections with members are plain. {@code mixed}: this node takes both, and tries TLS first when it
     * opens one. {@code required}: TLS from the first byte. To secure an ensemble that runs, restart its nodes with
     * {@code mixed}, and when {@code holdfast_peer_links{tls="false"}} is 0 at all of them, with {@code required}.
     */
    @WithDefault("off")
    PeerTls.Mode mode();

    /** PEM file with this member's certificate and those between it and an authority. */
    Optional<Path> certificate();

    /** PEM file with the private key of the certificate, without a password. */
    Optional<Path> key();

    /** PEM file with the authorities that the certificates of members come from. */
    Optional<Path> ca();

    /** PEM file with the lists of revoked certificates. Default: none. */
    Optional<Path> crl();

    /**
     * Whether all members use one certificate, which names none of them. It keeps others out and does not distinguish
     * the members from each other.
     */
    @WithDefault("false")
    boolean sharedCertificate();
}
