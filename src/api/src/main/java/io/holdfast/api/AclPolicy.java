package io.holdfast.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rules that are given together.
 *
 * @param rules each only allows
 */
public record AclPolicy(@Nullable List<AclRule> rules) implements Json.Writable {

    /** Reads one. */
    public static AclPolicy read(JsonReader in) throws MalformedJsonException {
        List<AclRule> rules = null;
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "rules" -> rules = in.list(AclRule::read);
                default -> in.unknown("rules");
            }
        }
        return new AclPolicy(rules);
    }

    @Override
    public void write(JsonWriter out) {
        out.begin().list("rules", rules).end();
    }
}
