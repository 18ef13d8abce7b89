package io.holdfast.server.rest;

import io.holdfast.api.Durations;
import io.holdfast.api.GrantBody;
import io.holdfast.api.GrantRequest;
import io.holdfast.api.ProblemType;
import io.holdfast.server.audit.AuditedCall;
import io.holdfast.server.replica.AcquireRequest;
import io.holdfast.server.replica.Answer;
import io.holdfast.server.replica.GrantView;
import io.holdfast.server.replica.LeasedGrant;
import io.holdfast.server.replica.LockService;
import io.holdfast.server.rest.body.GrantBodies;
import io.holdfast.server.rest.body.Requests;
import io.holdfast.server.rest.input.Bounds;
import io.holdfast.server.rest.input.DurationBetween;
import io.holdfast.server.rest.input.EntityTags;
import io.holdfast.server.rest.input.IdempotencyKey;
import io.holdfast.server.rest.input.IdempotencyKeys;
import io.holdfast.server.rest.input.ResourceId;
import io.holdfast.server.rest.input.TokenTag;
import io.holdfast.server.rest.input.ValidBody;
import io.holdfast.server.rest.openapi.Examples;
import io.holdfast.server.rest.openapi.Fails;
import io.holdfast.server.rest.openapi.Gives;
import io.holdfast.server.rest.openapi.Takes;
import io.holdfast.server.rest.problem.Problem;
import io.holdfast.server.rest.problem.ProblemException;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Grants over HTTP: a grant is a ticket that waits in line, is granted with a token, and is released by deleting it.
 */
@Path("/v1/grants")
@Produces(MediaType.APPLICATION_JSON)
@Tag(
        name = "Grants",
        description = "A ticket: it waits in the queue, is granted with a token, and is released by deleting it.")
public final class GrantResource {

    private static final String MAX_CLOSED = "24h";
    private static final String POLL =
            "How long this request is held for a waiting ticket, 0s to 55s. A lost connection loses nothing.";

    private final LockService service;

    GrantResource(LockService service) {
        this.service = service;
    }

    @PUT
    @Path("{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(operationId = "takeGrant", summary = "Take a ticket for a lock, under an id of the client's choosing")
    @Takes({Examples.GRANT_REQUEST, Examples.SET_REQUEST})
    @Gives(says = "The same grant again.", examples = Examples.GRANTED)
    @Gives(
            status = 201,
            says = "Granted.",
            examples = {Examples.GRANTED, Examples.SET_GRANTED})
    @Gives(
            status = 202,
            says = "Still waiting when the poll ended; ask again with the same id.",
            examples = Examples.WAITING)
    @Fails({
        ProblemType.SESSION_UNKNOWN,
        ProblemType.SESSION_ENDED,
        ProblemType.GRANT_ENDED,
        ProblemType.GRANT_MISMATCH,
        ProblemType.NOT_YOURS,
        ProblemType.ID_TAKEN,
        ProblemType.BODY_TOO_LARGE,
        ProblemType.UNSUPPORTED_MEDIA_TYPE,
        ProblemType.DEADLOCK,
        ProblemType.LIMIT_MISMATCH,
        ProblemType.LOCK_HELD,
        ProblemType.LOCK_DELAYED,
        ProblemType.QUOTA_EXCEEDED,
        ProblemType.OUTCOME_UNKNOWN
    })
    public Uni<RestResponse<GrantBody>> take(
            @PathParam("id") @ResourceId String id,
            @QueryParam("poll")
                    @DefaultValue("0s")
                    @DurationBetween(max = Bounds.MAX_POLL)
                    @Parameter(description = POLL)
                    String poll,
            @ValidBody @NotNull(message = "must be given") GrantRequest body,
            @Context RoutingContext http) {
        return take(http, Requests.acquire(body, id, Durations.require(poll)));
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(operationId = "takeNewGrant", summary = "Take a ticket for a lock, under an id of the server's choosing")
    @Takes({Examples.GRANT_REQUEST, Examples.SET_REQUEST})
    @Gives(says = "The same grant again.", examples = Examples.GRANTED)
    @Gives(status = 201, says = "Granted; Location names it.", examples = Examples.GRANTED)
    @Gives(status = 202, says = "Still waiting when the poll ended; Location names it.", examples = Examples.WAITING)
    @Fails({
        ProblemType.SESSION_UNKNOWN,
        ProblemType.SESSION_ENDED,
        ProblemType.GRANT_ENDED,
        ProblemType.GRANT_MISMATCH,
        ProblemType.NOT_YOURS,
        ProblemType.ID_TAKEN,
        ProblemType.BODY_TOO_LARGE,
        ProblemType.UNSUPPORTED_MEDIA_TYPE,
        ProblemType.DEADLOCK,
        ProblemType.LIMIT_MISMATCH,
        ProblemType.LOCK_HELD,
        ProblemType.LOCK_DELAYED,
        ProblemType.QUOTA_EXCEEDED,
        ProblemType.OUTCOME_UNKNOWN
    })
    public Uni<RestResponse<GrantBody>> takeNew(
            @QueryParam("poll")
                    @DefaultValue("0s")
                    @DurationBetween(max = Bounds.MAX_POLL)
                    @Parameter(description = POLL)
                    String poll,
            @HeaderParam("Idempotency-Key")
                    @IdempotencyKey
                    @Parameter(description = "Becomes the grant's id, which makes a retry safe.")
                    @Nullable
                    String idempotencyKey,
            @ValidBody @NotNull(message = "must be given") GrantRequest body,
            @Context RoutingContext http) {
        String id = idempotencyKey == null ? UUID.randomUUID().toString() : IdempotencyKeys.id(idempotencyKey);
        return take(http, Requests.acquire(body, id, Durations.require(poll)));
    }

    private Uni<RestResponse<GrantBody>> take(RoutingContext http, AcquireRequest request) {
        AuditedCall.of(http).claims(request.claims()).session(request.session()).grant(request.grant());
        return service.acquire(Callers.of(http), request).map(GrantResource::answer);
    }

    @GET
    @Path("{id}")
    @Operation(operationId = "getGrant", summary = "Read a grant: its state, position and token")
    @Gives(says = "The grant, held or waiting.", examples = Examples.GRANTED)
    @Fails({ProblemType.GRANT_UNKNOWN, ProblemType.GRANT_ENDED})
    public Uni<RestResponse<GrantBody>> get(
            @PathParam("id") @ResourceId String id,
            @QueryParam("poll")
                    @DefaultValue("0s")
                    @DurationBetween(max = Bounds.MAX_POLL)
                    @Parameter(description = POLL)
                    String poll,
            @Valid @BeanParam ReadParameters read,
            @Context RoutingContext http) {
        AuditedCall.of(http).grant(id);
        return service.grant(Callers.of(http), id, Durations.require(poll), read.options())
                .map(answer -> Answers.ok(answer, GrantBodies::of, Answers.tag(answer.value())));
    }

    @DELETE
    @Path("{id}")
    @Operation(operationId = "releaseGrant", summary = "Release a grant, or leave the line")
    @Gives(status = 204, says = "It is gone, by this request or before.")
    @Fails({
        ProblemType.GRANT_UNKNOWN,
        ProblemType.GRANT_ENDED,
        ProblemType.SESSION_ENDED,
        ProblemType.NOT_YOURS,
        ProblemType.TOKEN_STALE,
        ProblemType.OUTCOME_UNKNOWN
    })
    public Uni<RestResponse<Void>> release(
            @PathParam("id") @ResourceId String id,
            @QueryParam("to")
                    @ResourceId
                    @Parameter(
                            description = "With If-Match: id of the waiting ticket that is next, if only other waiting"
                                    + " tickets are in its way.")
                    @Nullable
                    String to,
            @QueryParam("closedFor")
                    @DefaultValue("0s")
                    @DurationBetween(max = MAX_CLOSED)
                    @Parameter(
                            description = "How long the locks of a holder stay closed from then on, whatever becomes of"
                                    + " its client; a waiting ticket closes nothing.",
                            example = "30s")
                    String closedFor,
            @HeaderParam("If-Match")
                    @TokenTag
                    @Parameter(
                            description = "Only if the grant has this fencing token, in quotes; 410 tells that it was"
                                    + " lost before.",
                            example = "\"17\"")
                    @Nullable
                    String ifMatch,
            @Context RoutingContext http) {
        Long token = ifMatch == null ? null : EntityTags.token(ifMatch).orElseThrow();
        if (to != null && token == null) {
            throw new ProblemException(Problem.invalid("If-Match", "must be given with to"));
        }
        Duration closed = Durations.require(closedFor);
        if (to != null && !closed.isZero()) {
            throw new ProblemException(Problem.invalid("closedFor", "must not be given with to"));
        }
        AuditedCall.of(http).grant(id).token(token);
        return service.release(Callers.of(http), id, token, to, closed).map(Answers::gone);
    }

    /** 201 for a ticket that this request brought to its lock, 200 for the same grant again, 202 for one in line. */
    static RestResponse<GrantBody> answer(Answer<GrantView> answer) {
        return answer(answer, answer.value(), GrantBodies.of(answer.value()));
    }

    /** As {@link #answer(Answer)}, for a grant with a private session. */
    static RestResponse<GrantBody> leased(Answer<LeasedGrant> answer) {
        return answer(answer, answer.value().grant(), GrantBodies.of(answer.value()));
    }

    private static RestResponse<GrantBody> answer(Answer<?> answer, GrantView grant, GrantBody body) {
        RestResponse.Status status = grant.state() == GrantView.State.WAITING
                ? RestResponse.Status.ACCEPTED
                : grant.fresh() ? RestResponse.Status.CREATED : RestResponse.Status.OK;
        return Answers.at(
                        ResponseBuilder.create(status, body)
                                .header("Location", "/v1/grants/" + grant.id())
                                .header("ETag", Answers.tag(grant)),
                        answer.at())
                .build();
    }
}
