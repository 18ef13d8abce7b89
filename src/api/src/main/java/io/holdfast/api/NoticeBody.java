package io.holdfast.api;

import org.jspecify.annotations.Nullable;

/**
 * What a holder must know: that it is asked to yield, or will lose its locks.
 *
 * @param kind {@link #YIELD_REQUESTED} or {@link #BREAK_ANNOUNCED}
 * @param grant which of its grants
 * @param to the ticket to hand its locks to; absent for a break
 * @param drainMs how long that is asked for; absent for a break
 * @param by the caller that takes the locks; absent for a request to yield
 * @param reason why; absent for a request to yield
 * @param afterMs how long after the warning; absent for a request to yield
 */
public record NoticeBody(
        String kind,
        String grant,
        @Nullable String to,
        @Nullable Long drainMs,
        @Nullable String by,
        @Nullable String reason,
        @Nullable Long afterMs)
        implements Json.Writable {

    /** Kind of a request to hand the locks to a ticket. */
    public static final String YIELD_REQUESTED = "yield-requested";

    /** Kind of the warning that an administrator takes the locks. */
    public static final String BREAK_ANNOUNCED = "break-announced";

    /** Reads one. */
    public static NoticeBody read(JsonReader in) throws MalformedJsonException {
        String kind = null;
        String grant = null;
        String to = null;
        Long drainMs = null;
        String by = null;
        String reason = null;
        Long afterMs = null;
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "kind" -> kind = in.text();
                case "grant" -> grant = in.text();
                case "to" -> to = in.text();
                case "drainMs" -> drainMs = in.count();
                case "by" -> by = in.text();
                case "reason" -> reason = in.text();
                case "afterMs" -> afterMs = in.count();
                default -> in.skip();
            }
        }
        return new NoticeBody(in.required("kind", kind), in.required("grant", grant), to, drainMs, by, reason, afterMs);
    }

    @Override
    public void write(JsonWriter out) {
        out.begin()
                .field("kind", kind)
                .field("grant", grant)
                .field("to", to)
                .field("drainMs", drainMs)
                .field("by", by)
                .field("reason", reason)
                .field("afterMs", afterMs)
                .end();
    }
}
