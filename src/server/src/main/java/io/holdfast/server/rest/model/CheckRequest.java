package io.holdfast.server.rest.model;

import io.holdfast.server.rest.input.EntityTags;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * The body that asks whether a fencing token is still good.
 *
 * @param token as the grant gave it
 */
@Schema(description = "The fencing token in question.")
public record CheckRequest(
        @Schema(required = true, examples = "17")
        @NotNull(message = "must be given")
        @Min(value = 1, message = CheckRequest.BOUNDS)
        @Max(value = EntityTags.MAX_TOKEN, message = CheckRequest.BOUNDS)
        Long token) {

    static final String BOUNDS = "must be a fencing token, 1 to 9007199254740991";
}
