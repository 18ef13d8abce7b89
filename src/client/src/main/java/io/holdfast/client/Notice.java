package io.holdfast.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a holder is told about a lease that it still has.
 *
 * @param kind what it is about
 * @param to with {@link Kind#YIELD_REQUESTED}: the ticket that {@link Lease#handOver} takes
 * @param within with {@link Kind#YIELD_REQUESTED} how long that is asked for, with {@link Kind#BREAK_ANNOUNCED} after
 *     what time from the announcement the locks are taken
 * @param by with {@link Kind#BREAK_ANNOUNCED}: the administrator
 * @param reason with {@link Kind#BREAK_ANNOUNCED}: why
 */
public record Notice(
        Kind kind,
        @Nullable String to,
        Duration within,
        @Nullable String by,
        @Nullable String reason) {

    /** What a notice is about. */
    public enum Kind {
        /** Another ticket asks for the locks; nothing is taken. */
        YIELD_REQUESTED,
        /** That request is over. */
        YIELD_LAPSED,
        /** An administrator is going to take the locks. */
        BREAK_ANNOUNCED
    }
}
