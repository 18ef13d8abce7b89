package io.holdfast.server.rest;

import io.holdfast.server.config.HoldfastConfig;
import io.holdfast.server.rest.body.AnswerHeaders;
import io.holdfast.server.rest.openapi.Examples;
import io.holdfast.server.rest.openapi.Fails;
import io.holdfast.server.stream.EventStreams;
import io.holdfast.server.stream.Streamed;
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
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** What was committed, over HTTP: in order, as a stream or in batches. */
@Path("/v1/events")
@Tag(name = "Events", description = "What was committed, in order.")
public final class EventResource {

    private final EventStreams streams;
    private final int bufferBytes;

    EventResource(EventStreams streams, HoldfastConfig config) {
        this.streams = streams;
        this.bufferBytes = (int) config.events().readerBuffer().asLongValue();
    }

    @GET
    @Produces({MediaType.SERVER_SENT_EVENTS, MediaType.APPLICATION_JSON})
    @Operation(
            operationId = "readEvents",
            summary = "Follow what is committed, as Server-Sent Events or in batches",
            description = "One change message for each transaction, in order, without a gap or a duplicate, from any "
                    + "revision on any node. When this node does not have that history any more it says reset, "
                    + "then the present state as sync messages, then live, and goes on. A reader that is too slow is "
                    + "cut off and goes on from its last id. Accept: application/json gives the same in batches.")
    @APIResponse(
            responseCode = "200",
            description = "The stream, or one batch of it.",
            content = {
                @Content(
                        mediaType = MediaType.SERVER_SENT_EVENTS,
                        schema = @Schema(implementation = String.class),
                        examples = @ExampleObject(name = "stream", value = Examples.EVENT_STREAM)),
                @Content(
                        mediaType = MediaType.APPLICATION_JSON,
                        schema = @Schema(ref = "#/components/schemas/EventBatch"),
                        examples = @ExampleObject(name = "batch", value = Examples.EVENT_BATCH))
            })
    @Fails({})
    public Uni<RestResponse<Void>> read(
            @Valid @BeanParam EventParameters asked, @Context HttpHeaders headers, @Context RoutingContext http) {
        boolean json = prefersJson(headers);
        String type = json ? MediaType.APPLICATION_JSON : MediaType.SERVER_SENT_EVENTS;
        if (http.request().method().equals(HttpMethod.HEAD)) {
            return Uni.createFrom()
                    .item(RestResponse.ResponseBuilder.<Void>ok()
                            .header("Content-Type", type)
                            .build());
        }
        return StreamedAnswer.of(
                        http,
                        bufferBytes,
                        outlet ->
                                streams.open(Callers.of(http), asked.terms(json), outlet, StreamedAnswer.address(http)),
                        (stream, response) -> head(stream, response, type))
                .onFailure(Answers::isAhead)
                .transform(failure -> Answers.ahead(asked.revisionField(), failure));
    }

    private static void head(Streamed stream, HttpServerResponse response, String type) {
        StreamedAnswer.head(response, type);
        if (stream.isFiltered()) {
            response.putHeader(AnswerHeaders.FILTERED, "true");
        }
    }

    private static boolean prefersJson(HttpHeaders headers) {
        for (MediaType accepted : headers.getAcceptableMediaTypes()) {
            if (accepted.isCompatible(MediaType.SERVER_SENT_EVENTS_TYPE)) {
                return false;
            }
            if (accepted.isCompatible(MediaType.APPLICATION_JSON_TYPE)) {
                return true;
            }
        }
        return false;
    }
}
