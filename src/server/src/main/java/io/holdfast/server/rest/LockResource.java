package io.holdfast.server.rest;

import io.holdfast.api.CheckBody;
import io.holdfast.api.CheckRequest;
import io.holdfast.api.Durations;
import io.holdfast.api.GrantBody;
import io.holdfast.api.LockBody;
import io.holdfast.api.LockPage;
import io.holdfast.api.ProblemType;
import io.holdfast.server.audit.AuditedCall;
import io.holdfast.server.replica.Answer;
import io.holdfast.server.replica.LockFilter;
import io.holdfast.server.replica.LockService;
import io.holdfast.server.replica.LockView;
import io.holdfast.server.replica.PageRequest;
import io.holdfast.server.replica.PrivateAcquireRequest;
import io.holdfast.server.replica.Revision;
import io.holdfast.server.rest.body.LockBodies;
import io.holdfast.server.rest.body.Requests;
import io.holdfast.server.rest.input.Bounds;
import io.holdfast.server.rest.input.DurationBetween;
import io.holdfast.server.rest.input.EntityTags;
import io.holdfast.server.rest.input.IdempotencyKey;
import io.holdfast.server.rest.input.IdempotencyKeys;
import io.holdfast.server.rest.input.LockName;
import io.holdfast.server.rest.input.LockPrefix;
import io.holdfast.server.rest.input.RevisionTag;
import io.holdfast.server.rest.input.RevisionText;
import io.holdfast.server.rest.input.ValidBody;
import io.holdfast.server.rest.input.WholeNumber;
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
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
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
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jspecify.annotations.Nullable;

/** Locks over HTTP: a lock is a name with its holders and its queue; the name is the rest of the path. */
@Path("/v1/locks")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Locks", description = "A name with its holders and its queue.")
public final class LockResource {

    private static final String NAME = "The lock's name is the rest of the path and may contain /.";

    private final LockService service;

    LockResource(LockService service) {
        this.service = service;
    }

    @GET
    @Operation(operationId = "listLocks", summary = "List locks in use by name, page by page")
    @Gives(says = "A page; next is absent on the last one.", examples = Examples.LOCK_PAGE)
    @Fails({})
    public Uni<RestResponse<LockPage>> list(
            @QueryParam("prefix")
                    @DefaultValue("")
                    @LockPrefix
                    @Parameter(description = "Only locks whose name begins with this.")
                    String prefix,
            @QueryParam("state")
                    @DefaultValue("held")
                    @Pattern(regexp = "held|waiting", message = "must be held or waiting")
                    @Parameter(description = "held, or held with waiting tickets.")
                    String state,
            @QueryParam("limit")
                    @DefaultValue("100")
                    @WholeNumber(min = 1, max = PageRequest.MAX_LIMIT)
                    @Parameter(
                            description = "How many at most, 1 to 1000; a page may have fewer and not be the last one.")
                    String limit,
            @QueryParam("after") @DefaultValue("") @LockPrefix @Parameter(description = "next of the page before.")
                    String after,
            @QueryParam("metadata")
                    @DefaultValue("false")
                    @Pattern(regexp = "true|false", message = "must be true or false")
                    @Parameter(description = "true gives the holders' metadata too; pages may be shorter.")
                    String metadata,
            @Valid @BeanParam ReadParameters read) {
        boolean all = metadata.equals("true");
        LockFilter filter = state.equals("waiting") ? LockFilter.WAITING : LockFilter.HELD;
        return service.locks(
                        read.caller(),
                        filter,
                        new PageRequest(prefix, after, Integer.parseInt(limit), all),
                        read.options())
                .map(answer -> Answers.page(
                        answer, page -> LockBodies.page(page, answer.at().revision(), all)));
    }

    @GET
    @Path("{name: .+}")
    @Operation(operationId = "getLock", summary = "Read a lock: who has it and who waits")
    @Gives(says = "The lock; a name nobody uses is a free lock.", examples = Examples.LOCK)
    @Gives(
            status = 204,
            says = "Nothing changed after changedSince until the poll was over; ask again with Holdfast-Revision.")
    @Gives(status = 304, says = "Nothing changed after the revision of If-None-Match until the poll was over.")
    @Fails({})
    public Uni<RestResponse<LockBody>> get(
            @PathParam("name") @LockName @Parameter(description = NAME, example = "payments/settlement") String name,
            @QueryParam("changedSince")
                    @RevisionText
                    @Parameter(
                            description = "Answer once the lock has changed after this revision, or may have.",
                            example = "3-1041")
                    @Nullable
                    String changedSince,
            @HeaderParam("If-None-Match")
                    @RevisionTag
                    @Parameter(
                            description = "ETag of an earlier answer, in place of changedSince: 304 in place of 204.",
                            example = "W/\"3-1041\"")
                    @Nullable
                    String ifNoneMatch,
            @QueryParam("poll")
                    @DurationBetween(max = Bounds.MAX_POLL)
                    @Parameter(
                            description = "With changedSince or If-None-Match: how long this request is held, 0s to"
                                    + " 55s.")
                    @Nullable
                    String poll,
            @Valid @BeanParam ReadParameters read,
            @Context RoutingContext http) {
        AuditedCall.of(http).lock(name);
        if (changedSince != null && ifNoneMatch != null) {
            throw new ProblemException(Problem.invalid("If-None-Match", "must not be given beside changedSince"));
        }
        Revision since = ifNoneMatch != null
                ? EntityTags.revision(ifNoneMatch).orElseThrow()
                : changedSince != null ? Revision.parse(changedSince) : null;
        if (since == null) {
            if (poll != null) {
                throw new ProblemException(Problem.invalid(
                        "poll", "goes with changedSince or If-None-Match, which say what is waited for"));
            }
            return service.lock(Callers.of(http), name, read.options()).map(answer -> found(answer, answer.value()));
        }
        Duration held = poll == null ? Duration.ZERO : Durations.require(poll);
        return service.lockSince(Callers.of(http), name, since, held, read.options())
                .onFailure(Answers::isAhead)
                .transform(failure -> Answers.ahead(ifNoneMatch == null ? "changedSince" : "If-None-Match", failure))
                .map(answer -> answer(answer, ifNoneMatch != null));
    }

    private static RestResponse<LockBody> answer(Answer<Optional<LockView>> answer, boolean conditional) {
        return answer.value().map(lock -> found(answer, lock)).orElseGet(() -> {
            ResponseBuilder<LockBody> same =
                    conditional ? ResponseBuilder.notModified() : ResponseBuilder.<LockBody>noContent();
            return Answers.at(same.header("ETag", tag(answer)), answer.at()).build();
        });
    }

    private static RestResponse<LockBody> found(Answer<?> answer, LockView lock) {
        return Answers.ok(answer, read -> LockBodies.of(lock, answer.at().revision()), tag(answer));
    }

    private static String tag(Answer<?> answer) {
        return EntityTags.of(answer.at().revision());
    }

    @POST
    @Path("{name: .+}")
    @Operation(
            operationId = "takeLock",
            summary = "Take a lock with a private session: one call for a shell or a cron job",
            description = "Makes a session and its one grant in one transaction; deleting the grant ends both. The"
                    + " session is kept alive while this request waits, and renewed before it is answered as granted:"
                    + " its lease runs until elapsedMs + ttlMs after the moment the client sent this request.")
    @Gives(says = "The same grant again.", examples = Examples.GRANTED)
    @Gives(status = 201, says = "Granted; Location names the grant.", examples = Examples.GRANTED)
    @Gives(
            status = 202,
            says = "Still waiting when the poll ended; Location names the grant.",
            examples = Examples.WAITING)
    @Fails({
        ProblemType.SESSION_ENDED,
        ProblemType.GRANT_ENDED,
        ProblemType.GRANT_MISMATCH,
        ProblemType.ID_TAKEN,
        ProblemType.LIMIT_MISMATCH,
        ProblemType.LOCK_HELD,
        ProblemType.LOCK_DELAYED,
        ProblemType.QUOTA_EXCEEDED,
        ProblemType.OUTCOME_UNKNOWN
    })
    public Uni<RestResponse<GrantBody>> take(
            @PathParam("name") @LockName @Parameter(description = NAME, example = "nightly-backup") String name,
            @QueryParam("ttl")
                    @DurationBetween(min = "1ms", max = "24h")
                    @Parameter(
                            description = "How long the private session lives without keepalive, from the grant on.",
                            example = "60s")
                    @Nullable
                    String ttl,
            @QueryParam("wait")
                    @DefaultValue("0s")
                    @DurationBetween(max = Bounds.MAX_WAIT)
                    @Parameter(description = "How long the ticket may wait; 0s tries once.")
                    String wait,
            @QueryParam("poll")
                    @DefaultValue(Bounds.MAX_POLL)
                    @DurationBetween(max = Bounds.MAX_POLL)
                    @Parameter(description = "How long this request is held for a waiting ticket.")
                    String poll,
            @HeaderParam("Idempotency-Key")
                    @IdempotencyKey
                    @Parameter(description = "Becomes the grant's id, which makes a retry safe.")
                    @Nullable
                    String idempotencyKey,
            @Context RoutingContext http) {
        AuditedCall.of(http).lock(name);
        Duration longest = ttl == null ? null : Durations.require(ttl);
        String id = idempotencyKey == null ? null : IdempotencyKeys.id(idempotencyKey);
        return service.acquire(
                        Callers.of(http),
                        new PrivateAcquireRequest(
                                id, name, longest, Durations.require(wait), "", Durations.require(poll)))
                .map(GrantResource::leased);
    }

    @POST
    @Path("{name: .+}/-/check")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "checkToken",
            summary = "Ask whether a fencing token is still good",
            description = "Linearizable; for a resource that asks before it writes.")
    @Takes(Examples.CHECK_REQUEST)
    @Gives(says = "Whether it is that of a present holder.", examples = Examples.CHECK)
    @Fails({ProblemType.BODY_TOO_LARGE, ProblemType.UNSUPPORTED_MEDIA_TYPE})
    public Uni<RestResponse<CheckBody>> check(
            @PathParam("name") @LockName @Parameter(description = NAME, example = "payments/settlement") String name,
            @ValidBody @NotNull(message = "must be given") CheckRequest body,
            @Context RoutingContext http) {
        AuditedCall.of(http).lock(name).token(body.token());
        return service.checkToken(Callers.of(http), name, Requests.given(body.token()))
                .map(answer -> Answers.ok(answer, LockBodies::check));
    }
}
