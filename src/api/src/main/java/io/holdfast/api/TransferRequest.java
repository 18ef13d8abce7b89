package io.holdfast.api;

import org.jspecify.annotations.Nullable;

/**
 * To which ticket a holder shall hand its locks.
 *
 * @param to id of a ticket in the queue of one of its locks; must be given
 * @param drain how long the request stands; absent for 30 s
 */
public record TransferRequest(@Nullable String to, @Nullable String drain) implements Json.Writable {

    /** Reads one. */
    public static TransferRequest read(JsonReader in) throws MalformedJsonException {
        String to = null;
        String drain = null;
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "to" -> to = in.text();
                case "drain" -> drain = in.text();
                default -> in.unknown("drain, to");
            }
        }
        return new TransferRequest(to, drain);
    }

    @Override
    public void write(JsonWriter out) {
        out.begin().field("to", to).field("drain", drain).end();
    }
}
