package io.holdfast.server.rest;

import io.holdfast.api.GrantBody;
import io.holdfast.api.ProblemType;
import io.holdfast.api.TransferRequest;
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
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jspecify.annotations.Nullable;

/** Hand-over in two phases over HTTP: a holder is asked to yield, and whoever was meant is next. */
@Path("/v1/grants")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Grants")
public final class TransferResource {

    private final LockService service;

    TransferResource(LockService service) {
        this.service = service;
    }

    @POST
    @Path("{id}/transfer")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "transferGrant",
            summary = "Ask a holder to transfer its locks to a waiting ticket",
            description = "The holder finds a notice in its keepalives and decides: it releases with to, and that"
                    + " ticket is next, or without, and the line goes on. At the end of drain nothing is taken:"
                    + " the wish lapses. With If-Match and its own token the holder itself asks, and hands over"
                    + " at once.")
    @Takes(Examples.TRANSFER)
    @Gives(says = "Handed over: this is the grant that has the locks now.", examples = Examples.GRANTED)
    @Gives(status = 202, says = "The holder is asked; this is its grant.", examples = Examples.GRANTED)
    @Fails({
        ProblemType.SESSION_ENDED,
        ProblemType.GRANT_UNKNOWN,
        ProblemType.GRANT_ENDED,
        ProblemType.NOT_YOURS,
        ProblemType.TRANSFER_REFUSED,
        ProblemType.TOKEN_STALE,
        ProblemType.BODY_TOO_LARGE,
        ProblemType.UNSUPPORTED_MEDIA_TYPE,
        ProblemType.QUOTA_EXCEEDED,
        ProblemType.OUTCOME_UNKNOWN
    })
    public Uni<RestResponse<GrantBody>> transfer(
            @PathParam("id") @ResourceId String id,
            @HeaderParam("If-Match")
                    @TokenTag
                    @Parameter(
                            description = "The grant's fencing token, in quotes: its holder asks.",
                            example = "\"17\"")
                    @Nullable
                    String ifMatch,
            @ValidBody @NotNull(message = "must be given") TransferRequest body,
            @Context RoutingContext http) {
        Long token = ifMatch == null ? null : EntityTags.token(ifMatch).orElseThrow();
        AuditedCall.of(http).grant(id).token(token).detail("to " + body.to());
        return service.transfer(Callers.of(http), id, Requests.given(body.to()), Requests.drain(body), token)
                .map(answer -> {
                    RestResponse.Status status =
                            answer.value().fresh() ? RestResponse.Status.OK : RestResponse.Status.ACCEPTED;
                    return Answers.at(ResponseBuilder.create(status, GrantBodies.of(answer.value())), answer.at())
                            .build();
                });
    }
}
