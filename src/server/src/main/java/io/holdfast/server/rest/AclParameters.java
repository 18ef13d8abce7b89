package io.holdfast.server.rest;

import io.holdfast.server.replica.AccessRules;
import io.holdfast.server.replica.Revision;
import io.holdfast.server.rest.input.EntityTags;
import io.holdfast.server.rest.input.RevisionTag;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.QueryParam;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jspecify.annotations.Nullable;

/** Under what condition rules of access are changed, and whether they are. */
public final class AclParameters {

    @HeaderParam("If-Match")
    @RevisionTag
    @Parameter(
            in = ParameterIn.HEADER,
            description = "Only if the rules are of this revision, as ETag of GET /v1/acl shows it.",
            example = "\"3-1077\"")
    @Nullable
    String ifMatch;

    @QueryParam("dryRun")
    @DefaultValue("false")
    @Pattern(regexp = "true|false", message = "must be true or false")
    @Parameter(
            in = ParameterIn.QUERY,
            description = "true answers as the change would be answered now, and does nothing.")
    String dryRun = "false";

    @QueryParam("force")
    @DefaultValue("false")
    @Pattern(regexp = "true|false", message = "must be true or false")
    @Parameter(
            in = ParameterIn.QUERY,
            description = "true changes them also if no caller, or not this one, could do it after that.")
    String force = "false";

    AccessRules.Terms terms() {
        Revision revision =
                ifMatch == null ? null : EntityTags.revision(ifMatch).orElse(null);
        return new AccessRules.Terms(revision, force.equals("true"), isDryRun());
    }

    boolean isDryRun() {
        return dryRun.equals("true");
    }
}
