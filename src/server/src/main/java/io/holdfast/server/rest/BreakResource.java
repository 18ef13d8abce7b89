package io.holdfast.server.rest;

import io.holdfast.api.BreakingRequest;
import io.holdfast.api.GrantBody;
import io.holdfast.api.ProblemType;
import io.holdfast.server.audit.AuditedCall;
import io.holdfast.server.replica.BreakRequest;
import io.holdfast.server.replica.LockService;
import io.holdfast.server.rest.body.GrantBodies;
import io.holdfast.server.rest.body.Requests;
import io.holdfast.server.rest.input.LockName;
import io.holdfast.server.rest.input.ValidBody;
import io.holdfast.server.rest.openapi.Examples;
import io.holdfast.server.rest.openapi.Fails;
import io.holdfast.server.rest.openapi.Gives;
import io.holdfast.server.rest.openapi.Takes;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
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

/** What administrators do with a stuck lock, over HTTP. */
@Path("/v1/locks")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Locks")
public final class BreakResource {

    private final LockService service;

    BreakResource(LockService service) {
        this.service = service;
    }

    @POST
    @Path("{name: .+}/-/break")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "breakLock",
            summary = "Take a lock from its holder, after a warning, or remove a waiting ticket",
            description = "The holder finds a notice in its keepalives and loses the grant, with all its locks, after"
                    + " the time given; they stay closed for its session's lockDelay. The caller's address and reason"
                    + " are recorded with its end. A waiting ticket is removed at once: see promisedTo of a lock.")
    @Takes(Examples.BREAK)
    @Gives(says = "Taken; this is the grant as it was.", examples = Examples.GRANTED)
    @Gives(status = 202, says = "The holder is warned.", examples = Examples.GRANTED)
    @Fails({
        ProblemType.SESSION_ENDED,
        ProblemType.GRANT_UNKNOWN,
        ProblemType.GRANT_ENDED,
        ProblemType.GRANT_WAITING,
        ProblemType.TOKEN_STALE,
        ProblemType.BODY_TOO_LARGE,
        ProblemType.UNSUPPORTED_MEDIA_TYPE,
        ProblemType.QUOTA_EXCEEDED,
        ProblemType.OUTCOME_UNKNOWN
    })
    public Uni<RestResponse<GrantBody>> take(
            @PathParam("name") @LockName @Parameter(description = "The lock's name.", example = "payments/settlement")
                    String name,
            @ValidBody @NotNull(message = "must be given") BreakingRequest body,
            @Context RoutingContext http) {
        BreakRequest request = Requests.breakLock(body, name, Callers.name(http));
        AuditedCall.of(http)
                .lock(name)
                .grant(request.grant())
                .token(request.token())
                .detail(request.reason());
        return service.breakGrant(Callers.of(http), request).map(answer -> {
            RestResponse.Status status = answer.value().fresh() ? RestResponse.Status.OK : RestResponse.Status.ACCEPTED;
            return Answers.at(ResponseBuilder.create(status, GrantBodies.of(answer.value())), answer.at())
                    .build();
        });
    }
}
