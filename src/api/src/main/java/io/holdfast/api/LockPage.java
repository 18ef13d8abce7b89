package io.holdfast.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A piece of the listing of locks in use.
 *
 * @param locks ordered by name
 * @param next what to give as {@code after} for the next page; absent on the last one
 */
public record LockPage(List<LockBody> locks, @Nullable String next) implements Json.Writable {

    /** Reads one. */
    public static LockPage read(JsonReader in) throws MalformedJsonException {
        List<LockBody> locks = null;
        String next = null;
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "locks" -> locks = in.list(LockBody::read);
                case "next" -> next = in.text();
                default -> in.skip();
            }
        }
        return new LockPage(in.required("locks", locks), next);
    }

    @Override
    public void write(JsonWriter out) {
        out.begin().list("locks", locks).field("next", next).end();
    }
}
