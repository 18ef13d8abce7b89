package io.holdfast.cli;

import io.holdfast.api.Json;
import io.holdfast.api.JsonReader;
import io.holdfast.api.LockBody;
import io.holdfast.api.MalformedJsonException;
import io.holdfast.api.Metadata;
import java.nio.charset.StandardCharsets;

/**
 * A candidate of an election as its ticket's metadata say it, in the form that the Java client writes.
 *
 * @param id the candidate's; that of its session when the metadata name none
 * @param metadata what it gave
 */
record Candidate(String id, Metadata metadata) {

    static Candidate of(LockBody.Holder holder) {
        Metadata ticket = holder.metadata() == null ? Metadata.NONE : holder.metadata();
        String session = Words.session(holder.sessionName(), holder.session());
        try {
            return Json.read(ticket.json().getBytes(StandardCharsets.UTF_8), in -> read(in, session, ticket));
        } catch (MalformedJsonException e) {
            return new Candidate(session, ticket);
        }
    }

    private static Candidate read(JsonReader in, String session, Metadata ticket) throws MalformedJsonException {
        String id = null;
        Metadata metadata = Metadata.NONE;
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "candidate" -> id = in.text();
                case "metadata" -> metadata = in.metadata();
                default -> in.skip();
            }
        }
        return id == null ? new Candidate(session, ticket) : new Candidate(id, metadata);
    }
}
