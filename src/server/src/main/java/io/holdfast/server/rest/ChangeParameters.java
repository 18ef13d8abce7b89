package io.holdfast.server.rest;

import io.holdfast.server.rest.input.WholeNumber;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.QueryParam;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jspecify.annotations.Nullable;

/** Under what condition the members are changed, and whether they are. */
public final class ChangeParameters {

    @QueryParam("ifVersion")
    @WholeNumber(min = 0, max = 999_999_999)
    @Parameter(
            in = ParameterIn.QUERY,
            description = "Only if the configuration has this version, as GET /v1/cluster shows it.",
            example = "3")
    @Nullable
    String ifVersion;

    @QueryParam("dryRun")
    @DefaultValue("false")
    @Pattern(regexp = "true|false", message = "must be true or false")
    @Parameter(
            in = ParameterIn.QUERY,
            description = "true answers as the change would be answered now, and does nothing.")
    String dryRun = "false";

    @Nullable
    Long version() {
        return ifVersion == null ? null : Long.valueOf(ifVersion);
    }

    boolean isDryRun() {
        return dryRun.equals("true");
    }
}
