package io.holdfast.server.rest.model;

import io.holdfast.lock.Limits;
import io.holdfast.server.rest.input.LockName;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * One of the locks of a ticket.
 *
 * @param name which one
 * @param mode how it is held; absent for exclusive
 * @param permits how many of a semaphore; absent for 1
 * @param limit permits of the semaphore
 */
@ModeTerms
@Schema(description = "One of the locks that a ticket is for.")
public record LockRequest(
        @Schema(description = "Name of the lock.", required = true, examples = "payments/settlement")
        @NotNull(message = "must be given")
        @LockName
        String name,

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
        Integer limit)
        implements ModeTerms.Terms {

    static final int MAX_PERMITS = Limits.PERMITS_MAX;
    static final String BOUNDS = "must be a whole number, 1 to 10000";
}
