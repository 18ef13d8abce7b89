package io.holdfast.server.replica;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A lock for a shell or a cron job: a private session and its one grant in one transaction; releasing the grant ends
 * both.
 *
 * @param grant the client's id of the ticket, so that a retry is safe; null lets the server choose
 * @param lock its name: 1 to 512 characters, segments of {@code [A-Za-z0-9._:@-]+} joined by single {@code /}
 * @param ttl how long the private session lives without keepalive; null for the configured default
 * @param waitFor how long the ticket may stand in line; zero tries once
 * @param metadata a JSON object as text, at most 4 KiB; empty for none
 * @param poll how long this request is held for a ticket in line, 0 to 55 s
 */
public record PrivateAcquireRequest(
        @Nullable String grant,
        String lock,
        @Nullable Duration ttl,
        Duration waitFor,
        String metadata,
        Duration poll) {}
