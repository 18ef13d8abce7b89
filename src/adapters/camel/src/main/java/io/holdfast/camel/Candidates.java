package io.holdfast.camel;

import io.holdfast.api.Json;
import io.holdfast.api.JsonReader;
import io.holdfast.api.MalformedJsonException;
import io.holdfast.api.Metadata;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Ids of candidates, in the metadata of their tickets. */
final class Candidates {

    private Candidates() {}

    /** The id that a ticket names; that of its session when it names none. */
    static String of(@Nullable Metadata ticket, String session) {
        if (ticket == null) {
            return session;
        }
        try {
            String id = Json.read(ticket.json().getBytes(StandardCharsets.UTF_8), Candidates::read);
            return id.isEmpty() ? session : id;
        } catch (MalformedJsonException e) {
            return session;
        }
    }

    private static String read(JsonReader in) throws MalformedJsonException {
        String id = "";
        in.beginObject();
        while (in.nextField()) {
            if (in.field().equals("candidate")) {
                id = in.text();
            } else {
                in.skip();
            }
        }
        return id;
    }
}
