package io.holdfast.server.rest.model;

import io.holdfast.lock.lease.Deadlines;
import io.holdfast.server.replica.SessionView;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * The answer to an opened session.
 *
 * @param id how requests name it
 * @param ttlMs how long it lives without keepalive
 * @param driftPerMille by how many thousandths the clocks of client and server may differ: count that much less
 * @param ttlMinMs least ttl that the service gives
 * @param ttlMaxMs most ttl that the service gives
 * @param name as given
 */
@Schema(description = "A session that was opened, and the bounds its ttl was brought within.")
public record OpenedSession(String id, long ttlMs, int driftPerMille, long ttlMinMs, long ttlMaxMs, String name) {

    public static OpenedSession of(SessionView view) {
        return new OpenedSession(
                view.id(), view.ttlMs(), Deadlines.DRIFT_PER_MILLE, view.ttlMinMs(), view.ttlMaxMs(), view.name());
    }
}
