package io.holdfast.server.rest;

import io.holdfast.api.Keepalive;
import io.holdfast.api.KeepaliveOfMany;
import io.holdfast.api.KeepalivesOfMany;
import io.holdfast.api.OpenedSession;
import io.holdfast.api.ProblemType;
import io.holdfast.api.SessionBody;
import io.holdfast.api.SessionOpening;
import io.holdfast.api.SessionPage;
import io.holdfast.server.audit.Audit;
import io.holdfast.server.audit.AuditedCall;
import io.holdfast.server.replica.Answer;
import io.holdfast.server.replica.Closing;
import io.holdfast.server.replica.KeptAlive;
import io.holdfast.server.replica.LockService;
import io.holdfast.server.replica.PageRequest;
import io.holdfast.server.replica.Problem;
import io.holdfast.server.replica.Refused;
import io.holdfast.server.replica.Revision;
import io.holdfast.server.rest.body.KeepaliveBodies;
import io.holdfast.server.rest.body.Requests;
import io.holdfast.server.rest.body.SessionBodies;
import io.holdfast.server.rest.input.IdempotencyKey;
import io.holdfast.server.rest.input.IdempotencyKeys;
import io.holdfast.server.rest.input.PlainText;
import io.holdfast.server.rest.input.ResourceId;
import io.holdfast.server.rest.input.ValidBody;
import io.holdfast.server.rest.input.WholeNumber;
import io.holdfast.server.rest.openapi.Examples;
import io.holdfast.server.rest.openapi.Fails;
import io.holdfast.server.rest.openapi.Gives;
import io.holdfast.server.rest.openapi.Takes;
import io.holdfast.server.rest.problem.ProblemException;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
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
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jspecify.annotations.Nullable;

/** Sessions over HTTP: a session is a lease on being alive. */
@Path("/v1/sessions")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Sessions", description = "A lease on being alive; it holds grants until it ends.")
public final class SessionResource {

    private static final SessionOpening DEFAULTS = new SessionOpening(null, null, null, null);

    private final LockService service;
    private final Audit audit;

    SessionResource(LockService service, Audit audit) {
        this.service = service;
        this.audit = audit;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(operationId = "openSession", summary = "Open a session")
    @Takes(Examples.SESSION_OPENING)
    @Gives(says = "An earlier request with the same key opened it.", examples = Examples.OPENED_SESSION)
    @Gives(status = 201, says = "The session is open.", examples = Examples.OPENED_SESSION)
    @Fails({
        ProblemType.BODY_TOO_LARGE,
        ProblemType.UNSUPPORTED_MEDIA_TYPE,
        ProblemType.KEY_MISMATCH,
        ProblemType.ID_TAKEN,
        ProblemType.QUOTA_EXCEEDED,
        ProblemType.OUTCOME_UNKNOWN
    })
    public Uni<RestResponse<OpenedSession>> open(
            @HeaderParam("Idempotency-Key")
                    @IdempotencyKey
                    @Parameter(description = "Makes a retry safe: the same key answers the same session.")
                    @Nullable
                    String idempotencyKey,
            @ValidBody @Nullable SessionOpening body,
            @Context RoutingContext http) {
        SessionOpening opening = body == null ? DEFAULTS : body;
        String key = idempotencyKey == null ? null : IdempotencyKeys.id(idempotencyKey);
        return service.openSession(Callers.of(http), Requests.open(opening, key))
                .map(SessionResource::opened)
                .onFailure(SessionResource::isMismatch)
                .transform(SessionResource::keyMismatch);
    }

    @POST
    @Path("{id}/keepalive")
    @Operation(operationId = "keepAlive", summary = "Extend the lease of a session by its ttl")
    @Gives(says = "A quorum confirmed the lease after this request arrived.", examples = Examples.KEEPALIVE)
    @Fails({ProblemType.SESSION_UNKNOWN, ProblemType.SESSION_ENDED, ProblemType.NOT_YOURS})
    public Uni<RestResponse<Keepalive>> keepAlive(
            @PathParam("id") @ResourceId String id,
            @QueryParam("grants")
                    @DefaultValue("false")
                    @Pattern(regexp = "true|false", message = "must be true or false")
                    @Parameter(description = "true tells what the session holds and waits for, too.")
                    String grants,
            @Context RoutingContext http) {
        AuditedCall.of(http).session(id);
        boolean all = grants.equals("true");
        return service.keepAlive(Callers.of(http), id, all)
                .map(SessionResource::alive)
                .map(answer -> Answers.ok(answer, kept -> KeepaliveBodies.of(kept, all)));
    }

    @POST
    @Path("-/keepalive")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(operationId = "keepAliveMany", summary = "Extend the leases of many sessions")
    @Takes(Examples.KEEPALIVE_OF_MANY)
    @Gives(says = "What became of each session, in the order of the request.", examples = Examples.KEEPALIVES_OF_MANY)
    @Fails({ProblemType.BODY_TOO_LARGE, ProblemType.UNSUPPORTED_MEDIA_TYPE})
    public Uni<RestResponse<KeepalivesOfMany>> keepAliveMany(
            @QueryParam("grants")
                    @DefaultValue("false")
                    @Pattern(regexp = "true|false", message = "must be true or false")
                    @Parameter(description = "true tells what the sessions hold and wait for, 1000 grants at most.")
                    String grants,
            @ValidBody @NotNull(message = "must be given") KeepaliveOfMany body,
            @Context RoutingContext http) {
        boolean all = grants.equals("true");
        return service.keepAlive(Callers.of(http), Requests.given(body.ids()), all)
                .map(answer -> Answers.ok(answer, kept -> KeepaliveBodies.of(kept, all)));
    }

    @GET
    @Path("{id}")
    @Operation(operationId = "getSession", summary = "Read a session with what it holds and waits for")
    @Gives(says = "The session.", examples = Examples.SESSION)
    @Fails({ProblemType.SESSION_UNKNOWN, ProblemType.SESSION_ENDED})
    public Uni<RestResponse<SessionBody>> get(
            @PathParam("id") @ResourceId String id,
            @Valid @BeanParam ReadParameters read,
            @Context RoutingContext http) {
        AuditedCall.of(http).session(id);
        return service.session(Callers.of(http), id, read.options())
                .map(answer -> Answers.ok(answer, SessionBodies::of));
    }

    @GET
    @Operation(operationId = "listSessions", summary = "List sessions by name, page by page")
    @Gives(says = "A page; next is absent on the last one.", examples = Examples.SESSION_PAGE)
    @Fails({})
    public Uni<RestResponse<SessionPage>> list(
            @QueryParam("prefix")
                    @DefaultValue("")
                    @PlainText(maxChars = 512)
                    @Parameter(description = "Only sessions whose name begins with this.")
                    String prefix,
            @QueryParam("limit")
                    @DefaultValue("100")
                    @WholeNumber(min = 1, max = PageRequest.MAX_LIMIT)
                    @Parameter(
                            description = "How many at most, 1 to 1000; a page may have fewer and not be the last one.")
                    String limit,
            @QueryParam("after")
                    @DefaultValue("")
                    @PlainText(maxChars = 1024)
                    @Parameter(description = "next of the page before.")
                    String after,
            @QueryParam("metadata")
                    @DefaultValue("false")
                    @Pattern(regexp = "true|false", message = "must be true or false")
                    @Parameter(description = "true gives metadata too; pages may be shorter.")
                    String metadata,
            @Valid @BeanParam ReadParameters read,
            @Context RoutingContext http) {
        if (!after.isEmpty() && !isCursor(after)) {
            throw new ProblemException(
                    io.holdfast.server.rest.problem.Problem.invalid("after", "must be next of the page before"));
        }
        boolean all = metadata.equals("true");
        return service.sessions(
                        Callers.of(http), new PageRequest(prefix, after, Integer.parseInt(limit), all), read.options())
                .map(answer -> Answers.page(answer, page -> SessionBodies.page(page, all)));
    }

    private static boolean isCursor(String text) {
        try {
            return !Revision.parse(text).equals(Revision.ZERO);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    @DELETE
    @Path("{id}")
    @Operation(operationId = "endSession", summary = "End a session and all it has")
    @Gives(status = 204, says = "It is over, by this request or before.")
    @Fails({ProblemType.SESSION_UNKNOWN, ProblemType.NOT_YOURS, ProblemType.OUTCOME_UNKNOWN})
    public Uni<RestResponse<Void>> end(
            @PathParam("id") @ResourceId String id,
            @QueryParam("force")
                    @DefaultValue("false")
                    @Pattern(regexp = "true|false", message = "must be true or false")
                    @Parameter(
                            description = "true when it is not its own client that ends it: its locks stay closed for"
                                    + " its lockDelay, and the caller's address is recorded.")
                    String force,
            @QueryParam("cause")
                    @Pattern(regexp = "dead", message = "must be dead, or left out")
                    @Parameter(
                            description = "dead when the client of the session was seen to be dead and cannot come"
                                    + " back: the session expires, as if its ttl were over, and the cause of its events"
                                    + " is confirmed-dead. Includes force.")
                    @Nullable
                    String cause,
            @Context RoutingContext http) {
        AuditedCall.of(http).session(id);
        boolean dead = cause != null;
        if (!dead && !force.equals("true")) {
            return service.closeSession(Callers.of(http), id, Closing.OWN).map(Answers::gone);
        }
        audit.takes(http, dead ? "ending a session whose client is confirmed dead" : "ending a session by force");
        return service.closeSession(Callers.of(http), id, new Closing(Callers.name(http), dead))
                .map(Answers::gone);
    }

    private static RestResponse<OpenedSession> opened(Answer<io.holdfast.server.replica.SessionView> answer) {
        OpenedSession opened = SessionBodies.opened(answer.value());
        RestResponse.Status status = answer.value().fresh() ? RestResponse.Status.CREATED : RestResponse.Status.OK;
        return Answers.at(
                        ResponseBuilder.create(status, opened).header("Location", "/v1/sessions/" + opened.id()),
                        answer.at())
                .build();
    }

    /** A lease that is over is a problem of its own for one session; among many it is an item. */
    private static Answer<KeptAlive> alive(Answer<KeptAlive> answer) {
        return switch (answer.value().state()) {
            case ALIVE -> answer;
            case ENDED ->
                throw new Refused(
                        Problem.SESSION_ENDED,
                        "Session " + answer.value().session()
                                + " is over and what it held is released; stop the work it protected and open another.",
                        answer.at(),
                        null);
            case NOT_YOURS ->
                throw new Refused(
                        Problem.NOT_YOURS,
                        "Session " + answer.value().session()
                                + " belongs to another principal; its lease was not extended.",
                        answer.at(),
                        null);
            case UNKNOWN ->
                throw new Refused(
                        Problem.SESSION_UNKNOWN,
                        "No session " + answer.value().session() + " is known here; open one with POST /v1/sessions.",
                        answer.at(),
                        null);
        };
    }

    private static boolean isMismatch(Throwable failure) {
        return failure instanceof Refused refused && refused.problem() == Problem.GRANT_MISMATCH;
    }

    private static Throwable keyMismatch(Throwable failure) {
        return new ProblemException(io.holdfast.server.rest.problem.Problem.of(
                ProblemType.KEY_MISMATCH, String.valueOf(failure.getMessage())));
    }
}
