package io.holdfast.server.rest;

import io.holdfast.api.ProblemType;
import io.holdfast.server.attach.AttachedSessions;
import io.holdfast.server.audit.AuditedCall;
import io.holdfast.server.config.HoldfastConfig;
import io.holdfast.server.rest.input.ResourceId;
import io.holdfast.server.rest.openapi.Examples;
import io.holdfast.server.rest.openapi.Fails;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** A stream of what happens to a session, which keeps the session alive unless its client does. */
@Path("/v1/sessions/{id}/attach")
@Tag(name = "Sessions")
public final class AttachResource {

    private final AttachedSessions attached;
    private final int bufferBytes;

    AttachResource(AttachedSessions attached, HoldfastConfig config) {
        this.attached = attached;
        this.bufferBytes = (int) config.events().readerBuffer().asLongValue();
    }

    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @Operation(
            operationId = "attachSession",
            summary = "Follow a session, and keep it alive for as long as this connection is there",
            description = "Server-Sent Events: attached with what the session has; renewed four times in a ttl; "
                    + "granted, yield-requested, lost, ended when that happens. A lease lasts until elapsedMs + ttlMs "
                    + "after the moment the client sent this request. When the connection ends the ttl runs. With "
                    + "renew=false the lease is the client's own: bookmark is sent instead of renewed.")
    @APIResponse(
            responseCode = "200",
            description = "The session is alive, and the stream goes on.",
            content =
                    @Content(
                            mediaType = MediaType.SERVER_SENT_EVENTS,
                            schema = @Schema(implementation = String.class),
                            examples = @ExampleObject(name = "attached", value = Examples.ATTACHED)))
    @Fails({
        ProblemType.SESSION_UNKNOWN,
        ProblemType.SESSION_ENDED,
        ProblemType.SESSION_SUPERSEDED,
        ProblemType.NOT_YOURS,
        ProblemType.QUOTA_EXCEEDED
    })
    public Uni<RestResponse<Void>> attach(
            @PathParam("id") @ResourceId String id,
            @QueryParam("attachId")
                    @ResourceId
                    @Parameter(
                            description = "Names the process that attaches, the same whenever it attaches again. A"
                                    + " process with another id takes the session over: the earlier one is told"
                                    + " superseded, is renewed no more, and cannot attach again.",
                            example = "billing-7f9c-1")
                    @Nullable
                    String attachId,
            @QueryParam("renew")
                    @DefaultValue("true")
                    @Pattern(regexp = "true|false", message = "must be true or false")
                    @Parameter(
                            description = "false leaves the lease alone: the session ends after its ttl unless the"
                                    + " client sends keepalives.")
                    String renew,
            @Context RoutingContext http) {
        if (http.request().method().equals(HttpMethod.HEAD)) {
            return Uni.createFrom()
                    .item(RestResponse.ResponseBuilder.<Void>ok()
                            .header("Content-Type", MediaType.SERVER_SENT_EVENTS)
                            .build());
        }
        AuditedCall.of(http).session(id);
        var terms = new AttachedSessions.Terms(id, attachId == null ? "" : attachId, renew.equals("true"));
        return StreamedAnswer.of(
                http,
                MediaType.SERVER_SENT_EVENTS,
                bufferBytes,
                outlet -> attached.attach(Callers.of(http), terms, outlet, http.request()));
    }
}
