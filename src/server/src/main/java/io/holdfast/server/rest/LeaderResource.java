package io.holdfast.server.rest;

import io.holdfast.api.ClusterBody;
import io.holdfast.api.ProblemType;
import io.holdfast.api.Successor;
import io.holdfast.server.audit.AuditedCall;
import io.holdfast.server.replica.Administration;
import io.holdfast.server.rest.body.ClusterBodies;
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
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** The planned change of leader over HTTP. */
@Path("/v1/cluster/leader")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Cluster")
public final class LeaderResource {

    private final Administration administration;
    private final String release;

    LeaderResource(
            Administration administration,
            @ConfigProperty(name = "quarkus.application.version", defaultValue = "unknown") String release) {
        this.administration = administration;
        this.release = release;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "handOver",
            summary = "Have another voter lead",
            description = "Any node takes it. Requests wait for the next leader meanwhile, and none fails. A body of {}"
                    + " lets the leader choose the best of the others.")
    @Takes(Examples.SUCCESSOR)
    @Gives(says = "It leads, by this request or before.", examples = Examples.CLUSTER)
    @Fails({
        ProblemType.MEMBER_UNKNOWN,
        ProblemType.NOT_SYNCED,
        ProblemType.NO_SUCCESSOR,
        ProblemType.BODY_TOO_LARGE,
        ProblemType.UNSUPPORTED_MEDIA_TYPE,
        ProblemType.OUTCOME_UNKNOWN
    })
    public Uni<RestResponse<ClusterBody>> handOver(
            @ValidBody @NotNull(message = "must be given") Successor body, @Context RoutingContext http) {
        String to = body.to() == null ? "the best of the others" : "node " + body.to();
        AuditedCall.of(http).administers("handing leadership to " + to, false);
        return administration
                .handOver(Callers.of(http), body.to())
                .map(answer -> Answers.ok(answer, view -> ClusterBodies.of(view, release, List.of())));
    }
}
