package io.holdfast.sidecar.core;

import io.holdfast.api.Candidacy;
import io.holdfast.api.LockBody;
import io.holdfast.api.Metadata;
import java.time.Instant;

/**
 * A candidate that holds the lock of an election.
 *
 * @param id its id; that of its session when it stood without one
 * @param token its fencing token
 * @param metadata as it gave them
 * @param since since when it has led, by the wall clocks of nodes; for people
 * @param session name of its session, by which a sidecar says which pod it is in
 */
public record Candidate(String id, long token, Metadata metadata, Instant since, String session) {

    /** Takes a holder as a node tells it, at a moment of the wall clock. */
    static Candidate of(LockBody.Holder holder, long wallMillis) {
        Instant since = Instant.ofEpochMilli(wallMillis - (holder.heldMs() == null ? 0 : holder.heldMs()));
        Metadata ticket = holder.metadata() == null ? Metadata.NONE : holder.metadata();
        Candidacy candidacy = Candidacy.of(ticket, holder.session());
        return new Candidate(candidacy.candidate(), holder.token(), candidacy.metadata(), since, holder.sessionName());
    }
}
