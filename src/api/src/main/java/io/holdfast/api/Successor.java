package io.holdfast.api;

import org.jspecify.annotations.Nullable;

/**
 * The member that shall lead.
 *
 * @param to its id; absent for the best of the other voters
 */
public record Successor(@Nullable Integer to) implements Json.Writable {

    /** Reads one. */
    public static Successor read(JsonReader in) throws MalformedJsonException {
        Integer to = null;
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "to" -> to = in.nearestInt();
                default -> in.unknown("to");
            }
        }
        return new Successor(to);
    }

    @Override
    public void write(JsonWriter out) {
        out.begin().field("to", to).end();
    }
}
