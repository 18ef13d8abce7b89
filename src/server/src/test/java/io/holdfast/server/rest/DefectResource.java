package io.holdfast.server.rest;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** A resource with a defect, to see what a client gets then. */
@Path("/test/defect")
public final class DefectResource {

    @GET
    @Operation(hidden = true)
    public Uni<String> get() {
        return Uni.createFrom().failure(new IllegalStateException("a defect that a test asked for"));
    }
}
