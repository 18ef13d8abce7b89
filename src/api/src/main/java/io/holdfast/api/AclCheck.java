package io.holdfast.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A question whether the rules allow a principal something.
 *
 * @param principal its name
 * @param groups of the principal; none when absent
 * @param verb as in rules
 * @param lock with verbs of locks; any when absent
 */
public record AclCheck(
        @Nullable String principal,
        @Nullable List<String> groups,
        @Nullable String verb,
        @Nullable String lock) implements Json.Writable {

    /** Reads one. */
    public static AclCheck read(JsonReader in) throws MalformedJsonException {
        String principal = null;
        List<String> groups = null;
        String verb = null;
        String lock = null;
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "principal" -> principal = in.text();
                case "groups" -> groups = in.list(JsonReader::text);
                case "verb" -> verb = in.text();
                case "lock" -> lock = in.text();
                default -> in.unknown("groups, lock, principal, verb");
            }
        }
        return new AclCheck(principal, groups, verb, lock);
    }

    @Override
    public void write(JsonWriter out) {
        out.begin()
                .field("principal", principal)
                .texts("groups", groups)
                .field("verb", verb)
                .field("lock", lock)
                .end();
    }
}
