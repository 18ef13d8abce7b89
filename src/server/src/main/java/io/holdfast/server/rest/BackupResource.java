package io.holdfast.server.rest;

import io.holdfast.api.ProblemType;
import io.holdfast.server.backup.BackupStream;
import io.holdfast.server.backup.Backups;
import io.holdfast.server.config.HoldfastConfig;
import io.holdfast.server.replica.LockService;
import io.holdfast.server.rest.body.AnswerHeaders;
import io.holdfast.server.rest.openapi.Examples;
import io.holdfast.server.rest.openapi.Fails;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.validation.Valid;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** A backup of the ensemble over HTTP: a file that is read while it is sent. */
@Path("/v1/cluster/backup")
@Tag(name = "Cluster")
public final class BackupResource {

    private static final String TYPE = "application/vnd.holdfast.backup";
    private static final int BUFFER_BYTES = 512 << 10;

    private final Backups backups;
    private final LockService service;
    private final String clusterId;

    BackupResource(Backups backups, LockService service, HoldfastConfig config) {
        this.backups = backups;
        this.service = service;
        this.clusterId = config.clusterId();
    }

    @GET
    @Produces(TYPE)
    @Operation(
            operationId = "getBackup",
            summary = "Fetch a backup of the whole ensemble",
            description = "Everything that was acknowledged anywhere before this request is in it, at the one revision "
                    + "that Holdfast-Revision names. Made beside the work of the node, from any node. holdfast restore "
                    + "reads it, and knows from its checksums whether it is whole.")
    @APIResponse(
            responseCode = "200",
            description = "The file; Content-Length and the checksums in it tell whether all of it arrived.",
            content =
                    @Content(
                            mediaType = TYPE,
                            schema = @Schema(type = SchemaType.STRING, format = "binary"),
                            examples = @ExampleObject(name = "backup", value = Examples.BACKUP)))
    @Fails({ProblemType.NO_ROOM})
    public Uni<RestResponse<Void>> get(@Valid @BeanParam ReadParameters read, @Context RoutingContext http) {
        if (http.request().method().equals(HttpMethod.HEAD)) {
            return Uni.createFrom()
                    .item(RestResponse.ResponseBuilder.<Void>ok()
                            .header("Content-Type", TYPE)
                            .build());
        }
        return StreamedAnswer.of(
                http, BUFFER_BYTES, outlet -> backups.open(Callers.of(http), read.options(), outlet), this::head);
    }

    /** The length is known, so that every HTTP client notices when the end is missing. */
    private void head(BackupStream backup, HttpServerResponse answer) {
        StreamedAnswer.head(answer, TYPE);
        String name = "holdfast-" + clusterId + "-" + backup.revision() + ".backup";
        AnswerHeaders.give(service.appliedAt(), answer::putHeader);
        answer.setChunked(false)
                .putHeader("Content-Length", Long.toString(backup.bytes()))
                .putHeader("Content-Disposition", "attachment; filename=\"" + name + "\"")
                .putHeader(AnswerHeaders.REVISION, backup.revision().toString());
    }
}
