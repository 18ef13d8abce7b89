package io.holdfast.server.rest;

import io.holdfast.api.ProblemType;
import io.holdfast.api.WhyBody;
import io.holdfast.server.audit.AuditedCall;
import io.holdfast.server.replica.LockService;
import io.holdfast.server.rest.body.WhyBodies;
import io.holdfast.server.rest.input.LockName;
import io.holdfast.server.rest.input.ResourceId;
import io.holdfast.server.rest.openapi.Examples;
import io.holdfast.server.rest.openapi.Fails;
import io.holdfast.server.rest.openapi.Gives;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** Explains a wait over HTTP. */
@Path("/v1/locks")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Locks")
public final class WhyResource {

    private final LockService service;

    WhyResource(LockService service) {
        this.service = service;
    }

    @GET
    @Path("{name: .+}/-/why")
    @Operation(
            operationId = "whyWaiting",
            summary = "Say why a ticket waits: behind whom, since when, how long at most, and whether it is a cycle")
    @Gives(says = "In words and numbers.", examples = Examples.WHY)
    @Fails({ProblemType.GRANT_UNKNOWN})
    public Uni<RestResponse<WhyBody>> why(
            @PathParam("name") @LockName @Parameter(description = "The lock's name.", example = "payments/settlement")
                    String name,
            @QueryParam("grant")
                    @NotNull(message = "must be given")
                    @ResourceId
                    @Parameter(description = "Id of the ticket.", example = "report-9")
                    String grant,
            @Valid @BeanParam ReadParameters read,
            @Context RoutingContext http) {
        AuditedCall.of(http).lock(name).grant(grant);
        return service.why(Callers.of(http), name, grant, read.options())
                .map(answer -> Answers.ok(answer, WhyBodies::of));
    }
}
