package io.holdfast.server.tls;

import org.jspecify.annotations.Nullable;

/**
 * How this node secures one kind of connections, as {@code GET /v1/cluster} shows it.
 *
 * @param use {@code peers} or {@code clients}
 * @param mode as the setting has it
 * @param plainLinks open connections without TLS; null where they are not counted
 * @param certificate SHA-256 of the certificate that new connections see; null without one
 * @param authorities SHA-256 over those of the certificates that are trusted; null where none is asked for
 */
public record TlsUse(
        String use,
        String mode,
        @Nullable Integer plainLinks,
        @Nullable String certificate,
        @Nullable String authorities) {}
