package io.holdfast.server.replica;

import java.time.Duration;

/**
 * A ticket for a lock.
 *
 * @param grant the client's id of the ticket; the same request with the same id has its effect once. 1 to 128
 *     characters of {@code [A-Za-z0-9._:@-]}
 * @param session who wants it
 * @param lock its name, 1 to 512 characters, segments of {@code [A-Za-z0-9._:@-]+} joined by single {@code /}
 * @param waitFor how long the ticket may stand in line; zero tries once
 * @param metadata a JSON object as text, at most 4 KiB; empty for none
 * @param poll how long this request is held for a ticket in line, 0 to 55 s; at its end the answer is {@code WAITING}
 */
public record AcquireRequest(
        String grant, String session, String lock, Duration waitFor, String metadata, Duration poll) {}
