package io.holdfast.server.rest;

import io.holdfast.api.ClusterBody;
import io.holdfast.server.replica.LockService;
import io.holdfast.server.rest.body.ClusterBodies;
import io.holdfast.server.rest.openapi.Examples;
import io.holdfast.server.rest.openapi.Fails;
import io.holdfast.server.rest.openapi.Gives;
import io.holdfast.server.tls.NodeTls;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** The ensemble over HTTP: the nodes themselves. */
@Path("/v1/cluster")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Cluster", description = "The nodes themselves.")
public final class ClusterResource {

    private final LockService service;
    private final NodeTls tls;
    private final String release;

    ClusterResource(
            LockService service,
            NodeTls tls,
            @ConfigProperty(name = "quarkus.application.version", defaultValue = "unknown") String release) {
        this.service = service;
        this.tls = tls;
        this.release = release;
    }

    @GET
    @Operation(
            operationId = "getCluster",
            summary = "Read what this node knows of the ensemble",
            description = "Asks nobody: answered also while there is no leader.")
    @Gives(says = "The members, and who leads.", examples = Examples.CLUSTER)
    @Fails({})
    public Uni<RestResponse<ClusterBody>> get(@Context RoutingContext http) {
        return service.cluster(Callers.of(http))
                .map(answer -> Answers.ok(answer, view -> ClusterBodies.of(view, release, tls.shown())));
    }
}
