package io.holdfast.server.rest.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.server.replica.AcquireRequest;
import io.holdfast.server.rest.input.DurationBetween;
import io.holdfast.server.rest.input.Durations;
import io.holdfast.server.rest.input.JsonObject;
import io.holdfast.server.rest.input.LockName;
import io.holdfast.server.rest.input.ResourceId;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The body that takes a ticket.
 *
 * @param session who wants the lock
 * @param lock which one
 * @param mode {@code exclusive}, which is also what its absence means
 * @param waitFor how long the ticket may stand in line; absent or zero tries once
 * @param metadata any JSON object
 */
@Schema(description = "Who wants which lock, and how long the ticket may stand in line.")
public record GrantRequest(
        @Schema(description = "Id of the session that wants it.", required = true)
        @NotNull(message = "must be given")
        @ResourceId
        String session,

        @Schema(description = "Name of the lock.", required = true, examples = "payments/settlement")
        @NotNull(message = "must be given")
        @LockName
        String lock,

        @Schema(description = "How it is held.", enumeration = "exclusive", defaultValue = "exclusive")
        @Pattern(regexp = "exclusive", message = "must be exclusive, the only mode there is")
        @Nullable
        String mode,

        @Schema(description = "How long the ticket may stand in line; absent or 0s tries once.", examples = "5m")
        @DurationBetween(max = MAX_WAIT)
        @JsonProperty("wait")
        @Nullable
        String waitFor,

        @Schema(
                description = "Any JSON object, at most 4 KiB.",
                type = SchemaType.OBJECT,
                implementation = Object.class)
        @JsonObject(maxBytes = Metadata.MAX_BYTES)
        @Nullable
        JsonNode metadata) {

    /** Longest time in line. */
    public static final String MAX_WAIT = "24h";

    /** Longest time one request is held; below the limits of common proxies. */
    public static final String MAX_POLL = "55s";

    /** Returns what the service is asked. */
    public AcquireRequest request(String grant, Duration poll) {
        return new AcquireRequest(
                grant,
                session,
                lock,
                waitFor == null ? Duration.ZERO : Durations.valid(waitFor),
                Metadata.text(metadata),
                poll);
    }
}
