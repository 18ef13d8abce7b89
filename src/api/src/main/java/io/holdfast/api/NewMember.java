package io.holdfast.api;

import org.jspecify.annotations.Nullable;

/**
 * The member that joins.
 *
 * @param id 1 to 65535, never used before
 * @param address of its peer port
 * @param role {@code observer}, also when absent
 */
public record NewMember(int id, String address, @Nullable String role) implements Json.Writable {

    /** Reads one. */
    public static NewMember read(JsonReader in) throws MalformedJsonException {
        Integer id = null;
        String address = null;
        String role = null;
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "id" -> id = in.smallCount();
                case "address" -> address = in.text();
                case "role" -> role = in.text();
                default -> in.skip();
            }
        }
        return new NewMember(in.required("id", id), in.required("address", address), role);
    }

    @Override
    public void write(JsonWriter out) {
        out.begin()
                .field("id", id)
                .field("address", address)
                .field("role", role)
                .end();
    }
}
