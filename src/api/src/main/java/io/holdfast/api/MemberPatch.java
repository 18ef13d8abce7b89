package io.holdfast.api;

import org.jspecify.annotations.Nullable;

/**
 * What shall be different of a member; what is absent stays.
 *
 * @param role {@code voter} or {@code observer}
 * @param address of its peer port
 */
public record MemberPatch(@Nullable String role, @Nullable String address) implements Json.Writable {

    /** Reads one. */
    public static MemberPatch read(JsonReader in) throws MalformedJsonException {
        String role = null;
        String address = null;
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "role" -> role = in.text();
                case "address" -> address = in.text();
                default -> in.unknown("address, role");
            }
        }
        return new MemberPatch(role, address);
    }

    @Override
    public void write(JsonWriter out) {
        out.begin().field("role", role).field("address", address).end();
    }
}
