package io.holdfast.api;

import org.jspecify.annotations.Nullable;

/**
 * The member that joins.
 *
 * @param id 1 to 65535, never used before; must be given
 * @param address of its peer port; must be given
 * @param role {@code observer}, also when absent
 */
public record NewMember(
        @Nullable Integer id,
        @Nullable String address,
        @Nullable String role) implements Json.Writable {

    /** Reads one. */
    public static NewMember read(JsonReader in) throws MalformedJsonException {
        Integer id = null;
        String address = null;
        String role = null;
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "id" -> id = in.nearestInt();
                case "address" -> address = in.text();
                case "role" -> role = in.text();
                default -> in.unknown("address, id, role");
            }
        }
        return new NewMember(id, address, role);
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
