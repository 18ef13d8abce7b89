package io.holdfast.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives a policy to principals and groups.
 *
 * @param name that of its policy when absent
 * @param policy name of the policy
 * @param to principals, or groups behind {@code group:}; a star at the end is for all that begin so
 */
public record AclBinding(
        @Nullable String name,
        @Nullable String policy,
        @Nullable List<String> to) implements Json.Writable {

    /** Reads one. */
    public static AclBinding read(JsonReader in) throws MalformedJsonException {
        String name = null;
        String policy = null;
        List<String> to = null;
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "name" -> name = in.text();
                case "policy" -> policy = in.text();
                case "to" -> to = in.list(JsonReader::text);
                default -> in.unknown("name, policy, to");
            }
        }
        return new AclBinding(name, policy, to);
    }

    @Override
    public void write(JsonWriter out) {
        out.begin().field("name", name).field("policy", policy).texts("to", to).end();
    }
}
