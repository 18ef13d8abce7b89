package io.holdfast.server.rest.model;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The body that asks for another leader.
 *
 * @param to who shall lead; absent for the best of the other voters
 */
@Schema(description = "Who shall lead.")
public record Successor(
        @Schema(description = "A voter in step; absent for the best of the others.", examples = "2")
        @Min(value = 1, message = NewMember.BOUNDS)
        @Max(value = 65_535, message = NewMember.BOUNDS)
        @Nullable
        Integer to) {}
