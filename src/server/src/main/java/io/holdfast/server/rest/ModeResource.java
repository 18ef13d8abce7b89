package io.holdfast.server.rest;

import io.holdfast.api.GrantBody;
import io.holdfast.api.ModeRequest;
import io.holdfast.api.ProblemType;
import io.holdfast.server.audit.AuditedCall;
import io.holdfast.server.replica.LockService;
import io.holdfast.server.rest.body.GrantBodies;
import io.holdfast.server.rest.body.Requests;
import io.holdfast.server.rest.input.EntityTags;
import io.holdfast.server.rest.input.ResourceId;
import io.holdfast.server.rest.input.TokenTag;
import io.holdfast.server.rest.input.ValidBody;
import io.holdfast.server.rest.openapi.Examples;
import io.holdfast.server.rest.openapi.Fails;
import io.holdfast.server.rest.openapi.Gives;
import io.holdfast.server.rest.openapi.Takes;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** Downgrade and upgrade over HTTP: a change of how a grant holds its locks. */
@Path("/v1/grants")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Grants")
public final class ModeResource {

    private final LockService service;

    ModeResource(LockService service) {
        this.service = service;
    }

    @PATCH
    @Path("{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "changeMode",
            summary = "Let a grant hold its locks as shared or as exclusive, in place",
            description =
                    "To shared: it keeps its token, and waiting shared tickets are granted. To exclusive: only for"
                            + " the sole holder, at once or not at all, with a new token; the old one is stale.")
    @Takes(Examples.MODE)
    @Gives(says = "The grant has this mode, by this request or before; mind its token.", examples = Examples.GRANTED)
    @Fails({
        ProblemType.SESSION_ENDED,
        ProblemType.GRANT_UNKNOWN,
        ProblemType.GRANT_ENDED,
        ProblemType.NOT_YOURS,
        ProblemType.MODE_REFUSED,
        ProblemType.TOKEN_STALE,
        ProblemType.BODY_TOO_LARGE,
        ProblemType.UNSUPPORTED_MEDIA_TYPE,
        ProblemType.QUOTA_EXCEEDED,
        ProblemType.OUTCOME_UNKNOWN
    })
    public Uni<RestResponse<GrantBody>> change(
            @PathParam("id") @ResourceId String id,
            @HeaderParam("If-Match")
                    @TokenTag
                    @NotNull(message = "must be given: a change of mode names the token that the grant has")
                    @Parameter(
                            description = "The fencing token that the grant has, in quotes.",
                            required = true,
                            example = "\"17\"")
                    String ifMatch,
            @ValidBody @NotNull(message = "must be given") ModeRequest body,
            @Context RoutingContext http) {
        long token = EntityTags.token(ifMatch).orElseThrow();
        AuditedCall.of(http).grant(id).token(token);
        return service.changeMode(Callers.of(http), id, Requests.mode(body.mode()), token)
                .map(answer -> Answers.ok(answer, GrantBodies::of, Answers.tag(answer.value())));
    }
}
