package io.holdfast.server.replica;

import io.holdfast.lock.Claim;
import java.time.Duration;
import java.util.List;

/**
 * A ticket for one lock or several.
 *
 * @param grant the client's id of the ticket; the same request with the same id has its effect once. 1 to 128
 *     characters of {@code [A-Za-z0-9._:@-]}
 * @param session who wants it
 * @param claims 1 to 64 locks with the mode of each, in the order of their names, each name once; all or none
 * @param waitFor how long the ticket may stand in line; zero tries once
 * @param metadata a JSON object as text, at most 4 KiB; empty for none
 * @param poll how long this request is held for a ticket in line, 0 to 55 s; at its end the answer is {@code WAITING}
 */
public record AcquireRequest(
        String grant, String session, List<Claim> claims, Duration waitFor, String metadata, Duration poll) {

    /** Copies the list. */
    public AcquireRequest {
        claims = List.copyOf(claims);
    }
}
