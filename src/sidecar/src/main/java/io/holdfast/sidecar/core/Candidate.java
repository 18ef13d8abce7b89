package io.holdfast.sidecar.core;

import io.holdfast.api.Json;
import io.holdfast.api.JsonReader;
import io.holdfast.api.LockBody;
import io.holdfast.api.MalformedJsonException;
import io.holdfast.api.Metadata;
import java.nio.charset.StandardCharsets;
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
        Ticket read;
        try {
            read = Json.read(ticket.json().getBytes(StandardCharsets.UTF_8), Ticket::read);
        } catch (MalformedJsonException e) {
            // The holder came by another way than an election: all that it gave is its own.
            read = new Ticket(holder.session(), ticket);
        }
        return new Candidate(read.candidate(), holder.token(), read.metadata(), since, holder.sessionName());
    }

    /** What the Java client writes into the metadata of a candidate's ticket. */
    private record Ticket(String candidate, Metadata metadata) {
        static Ticket read(JsonReader in) throws MalformedJsonException {
            String candidate = null;
            Metadata metadata = Metadata.NONE;
            in.beginObject();
            while (in.nextField()) {
                switch (in.field()) {
                    case "candidate" -> candidate = in.text();
                    case "metadata" -> metadata = in.metadata();
                    default -> in.skip();
                }
            }
            return new Ticket(in.required("candidate", candidate), metadata);
        }
    }
}
