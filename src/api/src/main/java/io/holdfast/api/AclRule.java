package io.holdfast.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Verbs, and the locks that they are allowed for.
 *
 * @param verbs {@code read}, {@code acquire}, {@code break}, {@code admin} or one of its parts
 * @param locks a name, a prefix that ends in a slash, or empty for all; with verbs of locks only
 */
public record AclRule(
        @Nullable List<String> verbs, @Nullable String locks) implements Json.Writable {

    /** Reads one. */
    public static AclRule read(JsonReader in) throws MalformedJsonException {
        List<String> verbs = null;
        String locks = null;
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "verbs" -> verbs = in.list(JsonReader::text);
                case "locks" -> locks = in.text();
                default -> in.unknown("locks, verbs");
            }
        }
        return new AclRule(verbs, locks);
    }

    @Override
    public void write(JsonWriter out) {
        out.begin().texts("verbs", verbs).field("locks", locks).end();
    }
}
