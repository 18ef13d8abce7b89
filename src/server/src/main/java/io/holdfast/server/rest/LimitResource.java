package io.holdfast.server.rest;

import io.holdfast.api.LimitRequest;
import io.holdfast.api.LockBody;
import io.holdfast.api.ProblemType;
import io.holdfast.server.audit.AuditedCall;
import io.holdfast.server.replica.LockService;
import io.holdfast.server.rest.body.LockBodies;
import io.holdfast.server.rest.body.Requests;
import io.holdfast.server.rest.input.EntityTags;
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

/** Another number of permits for a semaphore in use, over HTTP. */
@Path("/v1/locks")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Locks")
public final class LimitResource {

    private final LockService service;

    LimitResource(LockService service) {
        this.service = service;
    }

    @PATCH
    @Path("{name: .+}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "changeLimit",
            summary = "Change how many permits a semaphore in use has",
            description = "A higher limit grants waiting tickets at once. A lower limit takes nothing back: the queue"
                    + " advances when enough holders have released. From then on, and until the lock is unused,"
                    + " tickets may name any limit.")
    @Takes(Examples.LIMIT)
    @Gives(says = "The lock has this limit, by this request or before.", examples = Examples.LOCK)
    @Fails({
        ProblemType.LIMIT_REFUSED,
        ProblemType.BODY_TOO_LARGE,
        ProblemType.UNSUPPORTED_MEDIA_TYPE,
        ProblemType.OUTCOME_UNKNOWN
    })
    public Uni<RestResponse<LockBody>> change(
            @PathParam("name") @LockName @Parameter(description = "The lock's name.", example = "workers") String name,
            @ValidBody @NotNull(message = "must be given") LimitRequest body,
            @Context RoutingContext http) {
        AuditedCall.of(http).lock(name).detail("limit " + body.limit());
        return service.changeLimit(Callers.of(http), name, Requests.given(body.limit()))
                .map(answer -> Answers.ok(
                        answer,
                        lock -> LockBodies.of(lock, answer.at().revision()),
                        EntityTags.of(answer.at().revision())));
    }
}
