package io.holdfast.api;

import org.jspecify.annotations.Nullable;

/**
 * Which holder loses its locks, why, and after how long.
 *
 * @param grant the holder, or a ticket in the queue; must be given
 * @param token only if the grant has this fencing token
 * @param reason for people; 256 characters at most; must be given
 * @param after how long the holder is warned ahead; absent for at once
 */
public record BreakingRequest(
        @Nullable String grant,
        @Nullable Long token,
        @Nullable String reason,
        @Nullable String after) implements Json.Writable {

    /** Reads one. */
    public static BreakingRequest read(JsonReader in) throws MalformedJsonException {
        String grant = null;
        Long token = null;
        String reason = null;
        String after = null;
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "grant" -> grant = in.text();
                case "token" -> token = in.integer();
                case "reason" -> reason = in.text();
                case "after" -> after = in.text();
                default -> in.unknown("after, grant, reason, token");
            }
        }
        return new BreakingRequest(grant, token, reason, after);
    }

    @Override
    public void write(JsonWriter out) {
        out.begin()
                .field("grant", grant)
                .field("token", token)
                .field("reason", reason)
                .field("after", after)
                .end();
    }
}
