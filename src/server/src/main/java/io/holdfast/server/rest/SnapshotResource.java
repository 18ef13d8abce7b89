package io.holdfast.server.rest;

import io.holdfast.api.ProblemType;
import io.holdfast.api.Snapshot;
import io.holdfast.server.replica.ReadOptions;
import io.holdfast.server.replica.Snapshots;
import io.holdfast.server.rest.body.ClusterBodies;
import io.holdfast.server.rest.openapi.Examples;
import io.holdfast.server.rest.openapi.Fails;
import io.holdfast.server.rest.openapi.Gives;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** Snapshots of the answering node over HTTP. */
@Path("/v1/cluster/snapshots")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Cluster")
public final class SnapshotResource {

    private final Snapshots snapshots;

    SnapshotResource(Snapshots snapshots) {
        this.snapshots = snapshots;
    }

    @POST
    @Operation(
            operationId = "takeSnapshot",
            summary = "Have the answering node make a snapshot now",
            description = "Answered when the snapshot is on the disk of that node and was read back. One is made at a "
                    + "time, beside the work of the node; requests that come meanwhile share one. When nothing was "
                    + "committed since the last one, that one is the answer.")
    @Gives(says = "The newest snapshot, which has everything that the node had applied.", examples = Examples.SNAPSHOT)
    @Fails({ProblemType.NO_ROOM})
    public Uni<RestResponse<Snapshot>> take(@Context RoutingContext http) {
        return snapshots.take(Callers.of(http), ReadOptions.LOCAL).map(answer -> Answers.ok(answer, ClusterBodies::of));
    }
}
