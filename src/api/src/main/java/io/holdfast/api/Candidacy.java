package io.holdfast.api;

import java.nio.charset.StandardCharsets;

/**
 * What the metadata of an election's ticket say: the convention of all clients, which the ensemble does not look into.
 * Any thread.
 *
 * @param candidate id of the candidate
 * @param metadata what it gave
 */
public record Candidacy(String candidate, Metadata metadata) {

    /** Checks the id. */
    public Candidacy {
        String problem = LockNames.idProblem(candidate);
        if (problem != null) {
            throw new IllegalArgumentException(problem);
        }
    }

    /** The metadata of a ticket. */
    public Metadata ticket() {
        byte[] json = Json.write(out -> out.begin()
                .field("candidate", candidate)
                .field("metadata", metadata)
                .end());
        return Metadata.of(new String(json, StandardCharsets.UTF_8));
    }

    /** Reads them; what another client wrote counts as metadata of the session that wrote it. */
    public static Candidacy of(Metadata ticket, String session) {
        try {
            return Json.read(ticket.json().getBytes(StandardCharsets.UTF_8), Candidacy::read);
        } catch (MalformedJsonException | IllegalArgumentException e) {
            return new Candidacy(session, ticket);
        }
    }

    private static Candidacy read(JsonReader in) throws MalformedJsonException {
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
        return new Candidacy(in.required("candidate", candidate), metadata);
    }
}
