package io.holdfast.server.rest.model;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * The body that changes how a grant holds its locks.
 *
 * @param mode the new one
 */
@Schema(description = "How the grant shall hold its locks.")
public record ModeRequest(
        @Schema(
                required = true,
                enumeration = {"exclusive", "shared"})
        @NotNull(message = "must be given")
        @Pattern(regexp = "exclusive|shared", message = "must be exclusive or shared")
        String mode) {}
