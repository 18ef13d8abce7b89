package io.holdfast.server.rest.model;

import io.holdfast.server.replica.BreakRequest;
import io.holdfast.server.rest.input.DurationBetween;
import io.holdfast.server.rest.input.Durations;
import io.holdfast.server.rest.input.EntityTags;
import io.holdfast.server.rest.input.PlainText;
import io.holdfast.server.rest.input.ResourceId;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The body that takes a lock away from its holder.
 *
 * @param grant the holder
 * @param token only if the grant has this fencing token
 * @param reason for people
 * @param after how long the holder is warned ahead; absent for at once
 */
@Schema(description = "Which holder loses its locks, why, and after how long.")
public record BreakingRequest(
        @Schema(description = "Id of the grant that holds the lock, or of a waiting ticket.", required = true)
        @NotNull(message = "must be given")
        @ResourceId
        String grant,

        @Schema(description = "Only if the grant has this fencing token.", examples = "17")
        @Min(value = 1, message = CheckRequest.BOUNDS)
        @Max(value = EntityTags.MAX_TOKEN, message = CheckRequest.BOUNDS)
        @Nullable
        Long token,

        @Schema(description = "For people; recorded with the end of the grant.", required = true)
        @NotNull(message = "must be given")
        @PlainText(maxChars = 256)
        String reason,

        @Schema(description = "How long the holder is warned ahead; absent or 0s takes at once.", examples = "10s")
        @DurationBetween(max = "24h")
        @Nullable
        String after) {

    /** Returns what the service is asked. */
    public BreakRequest request(String lock, String by) {
        return new BreakRequest(lock, grant, token, by, reason, after == null ? Duration.ZERO : Durations.valid(after));
    }
}
