package io.holdfast.server.rest.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.server.replica.AcquireRequest;
import io.holdfast.server.rest.input.DurationBetween;
import io.holdfast.server.rest.input.Durations;
import io.holdfast.server.rest.input.JsonObject;
import io.holdfast.server.rest.input.LockName;
import io.holdfast.server.rest.input.ResourceId;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The body that takes a ticket.
 *
 * @param session who wants the lock
 * @param lock which one; absent when there are several
 * @param mode how it is held; absent for exclusive
 * @param permits how many of a semaphore; absent for 1
 * @param limit permits of the semaphore
 * @param locks several instead of the one
 * @param waitFor how long the ticket may stand in line; absent or zero tries once
 * @param metadata any JSON object
 */
@ModeTerms
@LocksOnce
@Schema(description = "The session, the lock or locks, and how long the ticket may wait.")
public record GrantRequest(
        @Schema(description = "Id of the session that wants it.", required = true)
        @NotNull(message = "must be given")
        @ResourceId
        String session,

        @Schema(description = "Name of the lock, or else locks.", examples = "payments/settlement") @LockName @Nullable
        String lock,

        @Schema(
                description = "How it is held.",
                enumeration = {"exclusive", "shared", "semaphore"},
                defaultValue = "exclusive")
        @Pattern(regexp = "exclusive|shared|semaphore", message = "must be exclusive, shared or semaphore")
        @Nullable
        String mode,

        @Schema(description = "How many permits of a semaphore it takes.", defaultValue = "1")
        @Min(value = 1, message = LockRequest.BOUNDS)
        @Max(value = LockRequest.MAX_PERMITS, message = LockRequest.BOUNDS)
        @Nullable
        Integer permits,

        @Schema(description = "How many permits the semaphore has; the first ticket fixes it while it is in use.")
        @Min(value = 1, message = LockRequest.BOUNDS)
        @Max(value = LockRequest.MAX_PERMITS, message = LockRequest.BOUNDS)
        @Nullable
        Integer limit,

        @Schema(description = "Several locks instead of one: all or none, with one ticket and one token.")
        @Size(min = 1, max = 64, message = "must have 1 to 64 locks")
        @Nullable
        List<@NotNull(message = "must be a lock, not null") @Valid LockRequest> locks,

        @Schema(description = "How long the ticket may wait; absent or 0s tries once.", examples = "5m")
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
        JsonNode metadata)
        implements ModeTerms.Terms {

    /** Longest time in line. */
    public static final String MAX_WAIT = "24h";

    /** Longest time one request is held; below the limits of common proxies. */
    public static final String MAX_POLL = "55s";

    /** Returns what the service is asked. */
    public AcquireRequest request(String grant, Duration poll) {
        return new AcquireRequest(
                grant,
                session,
                Claims.of(this),
                waitFor == null ? Duration.ZERO : Durations.valid(waitFor),
                Metadata.text(metadata),
                poll);
    }
}
