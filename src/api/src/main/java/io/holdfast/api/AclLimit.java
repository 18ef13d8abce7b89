package io.holdfast.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How much each of some principals may have at the same time; what is absent has no bound.
 *
 * @param name of the limit
 * @param to principals, or groups behind {@code group:}; a star at the end is for all that begin so
 * @param sessions open sessions
 * @param grants grants and places in line
 * @param streams streams of events at one node
 * @param rps requests in a second at one node
 */
public record AclLimit(
        @Nullable String name,
        @Nullable List<String> to,
        @Nullable Integer sessions,
        @Nullable Integer grants,
        @Nullable Integer streams,
        @Nullable Integer rps)
        implements Json.Writable {

    /** Reads one. */
    public static AclLimit read(JsonReader in) throws MalformedJsonException {
        String name = null;
        List<String> to = null;
        Integer sessions = null;
        Integer grants = null;
        Integer streams = null;
        Integer rps = null;
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "name" -> name = in.text();
                case "to" -> to = in.list(JsonReader::text);
                case "sessions" -> sessions = in.nearestInt();
                case "grants" -> grants = in.nearestInt();
                case "streams" -> streams = in.nearestInt();
                case "rps" -> rps = in.nearestInt();
                default -> in.unknown("grants, name, rps, sessions, streams, to");
            }
        }
        return new AclLimit(name, to, sessions, grants, streams, rps);
    }

    @Override
    public void write(JsonWriter out) {
        out.begin()
                .field("name", name)
                .texts("to", to)
                .field("sessions", sessions)
                .field("grants", grants)
                .field("streams", streams)
                .field("rps", rps)
                .end();
    }
}
