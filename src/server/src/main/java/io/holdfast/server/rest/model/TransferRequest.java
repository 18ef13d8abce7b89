package io.holdfast.server.rest.model;

import io.holdfast.server.rest.input.DurationBetween;
import io.holdfast.server.rest.input.Durations;
import io.holdfast.server.rest.input.ResourceId;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The body that asks a holder to yield.
 *
 * @param to the ticket in line that shall be next
 * @param drain how long the wish stands; absent for 30 s
 */
@Schema(description = "To whom a holder shall hand its locks, and how long that is wished for.")
public record TransferRequest(
        @Schema(description = "Id of a ticket that waits for one of the holder's locks.", required = true)
        @NotNull(message = "must be given")
        @ResourceId
        String to,

        @Schema(description = "How long the wish stands; nothing is taken at its end.", defaultValue = "30s")
        @DurationBetween(max = "24h")
        @Nullable
        String drain) {

    private static final Duration DRAIN = Duration.ofSeconds(30);

    public Duration drainTime() {
        return drain == null ? DRAIN : Durations.valid(drain);
    }
}
