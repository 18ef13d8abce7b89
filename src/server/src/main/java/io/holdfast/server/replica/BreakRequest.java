package io.holdfast.server.replica;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An administrator takes locks away from a holder.
 *
 * @param lock one of the holder's
 * @param grant the holder
 * @param token only if the grant has this fencing token; null for whatever it has
 * @param by who does it, at most 256 characters
 * @param reason for people, at most 256 characters
 * @param after how long the holder is warned ahead, 0 to 24 h
 */
public record BreakRequest(
        String lock, String grant, @Nullable Long token, String by, String reason, Duration after) {}
