package io.holdfast.server.rest.model;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * The body that changes how many permits a semaphore in use has.
 *
 * @param limit the new number
 */
@Schema(description = "How many permits the semaphore shall have.")
public record LimitRequest(
        @Schema(description = "How many permits the semaphore has from now on.", required = true, examples = "8")
        @NotNull(message = "must be given")
        @Min(value = 1, message = LockRequest.BOUNDS)
        @Max(value = LockRequest.MAX_PERMITS, message = LockRequest.BOUNDS)
        Integer limit) {}
