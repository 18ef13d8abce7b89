package io.holdfast.server.rest.model;

import io.holdfast.server.rest.input.ResourceId;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * The body of one keepalive for many sessions.
 *
 * @param ids whose leases to extend
 */
@Schema(description = "Whose leases to extend.")
public record KeepaliveOfMany(
        @Schema(required = true)
        @NotNull(message = "must be given")
        @Size(min = 1, max = 1000, message = "must have 1 to 1000 ids")
        List<@NotNull(message = "must be an id, not null") @ResourceId String> ids) {}
