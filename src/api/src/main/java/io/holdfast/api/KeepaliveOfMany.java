package io.holdfast.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whose leases to extend.
 *
 * @param ids 1 to 1000 ids of sessions; must be given
 */
public record KeepaliveOfMany(@Nullable List<String> ids) implements Json.Writable {

    /** Reads one. */
    public static KeepaliveOfMany read(JsonReader in) throws MalformedJsonException {
        List<String> ids = null;
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "ids" -> ids = in.list(JsonReader::text);
                default -> in.unknown("ids");
            }
        }
        return new KeepaliveOfMany(ids);
    }

    @Override
    public void write(JsonWriter out) {
        out.begin().texts("ids", ids).end();
    }
}
