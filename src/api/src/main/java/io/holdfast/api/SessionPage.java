package io.holdfast.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A piece of the listing of sessions.
 *
 * @param sessions ordered by name
 * @param next what to give as {@code after} for the next page; absent on the last one
 */
public record SessionPage(
        List<SessionBody> sessions, @Nullable String next) implements Json.Writable {

    /** Reads one. */
    public static SessionPage read(JsonReader in) throws MalformedJsonException {
        List<SessionBody> sessions = null;
        String next = null;
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "sessions" -> sessions = in.list(SessionBody::read);
                case "next" -> next = in.text();
                default -> in.skip();
            }
        }
        return new SessionPage(in.required("sessions", sessions), next);
    }

    @Override
    public void write(JsonWriter out) {
        out.begin().list("sessions", sessions).field("next", next).end();
    }
}
