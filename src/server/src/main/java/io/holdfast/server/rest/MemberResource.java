package io.holdfast.server.rest;

import io.holdfast.api.MemberPatch;
import io.holdfast.api.MembersChange;
import io.holdfast.api.NewMember;
import io.holdfast.api.ProblemType;
import io.holdfast.server.audit.AuditedCall;
import io.holdfast.server.replica.Administration;
import io.holdfast.server.replica.Answer;
import io.holdfast.server.replica.ChangedMembers;
import io.holdfast.server.replica.MemberChange;
import io.holdfast.server.rest.body.ClusterBodies;
import io.holdfast.server.rest.body.Requests;
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
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/** Who belongs to the ensemble, over HTTP: one change at a time, refused rather than risked. */
@Path("/v1/cluster/members")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Cluster")
public final class MemberResource {

    private static final String ANY_NODE = "Any node takes it, and any may be told of it again: what is so already"
            + " changes nothing. The answer waits until the change is settled.";
    private static final String UNSETTLED =
            "In force, and not known to be settled here: who left may still be needed by a member that restarts.";

    private final Administration administration;

    MemberResource(Administration administration) {
        this.administration = administration;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "addMember",
            summary = "Add a member, which follows without a vote",
            description = ANY_NODE + " Start its node before or after.")
    @Takes(Examples.NEW_MEMBER)
    @Gives(
            says = "It was a member at that address before; or, with dryRun, what would be.",
            examples = Examples.MEMBERS_CHANGE)
    @Gives(status = 201, says = "Added.", examples = Examples.MEMBERS_CHANGE)
    @Gives(status = 202, says = UNSETTLED, examples = Examples.MEMBERS_CHANGE)
    @Fails({
        ProblemType.MEMBER_MISMATCH,
        ProblemType.CHANGE_IN_PROGRESS,
        ProblemType.WOULD_LOSE_QUORUM,
        ProblemType.VERSION_STALE,
        ProblemType.BODY_TOO_LARGE,
        ProblemType.UNSUPPORTED_MEDIA_TYPE,
        ProblemType.QUOTA_EXCEEDED,
        ProblemType.OUTCOME_UNKNOWN
    })
    public Uni<RestResponse<MembersChange>> add(
            @ValidBody @NotNull(message = "must be given") NewMember body,
            @Valid @BeanParam ChangeParameters terms,
            @Context RoutingContext http) {
        return change(Requests.add(body), terms, http).map(answer -> {
            ChangedMembers members = answer.value();
            boolean added = members.changed() && !members.dryRun() && members.settled();
            return answered(answer, added ? RestResponse.Status.CREATED : status(members));
        });
    }

    @PATCH
    @Path("{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "changeMember",
            summary = "Give a member its vote or take it, or tell where it has moved to",
            description = ANY_NODE + " A vote is for a member that follows the leader and lags at most 1000"
                    + " transactions; a member that does not is waited for a few seconds. A leader that loses its vote"
                    + " hands over first.")
    @Takes(Examples.MEMBER_PATCH)
    @Gives(
            says = "It is so, by this request or before; or, with dryRun, what would be.",
            examples = Examples.MEMBERS_CHANGE)
    @Gives(status = 202, says = UNSETTLED, examples = Examples.MEMBERS_CHANGE)
    @Fails({
        ProblemType.MEMBER_UNKNOWN,
        ProblemType.MEMBER_MISMATCH,
        ProblemType.CHANGE_IN_PROGRESS,
        ProblemType.NOT_SYNCED,
        ProblemType.NO_SUCCESSOR,
        ProblemType.WOULD_LOSE_QUORUM,
        ProblemType.VERSION_STALE,
        ProblemType.BODY_TOO_LARGE,
        ProblemType.UNSUPPORTED_MEDIA_TYPE,
        ProblemType.OUTCOME_UNKNOWN
    })
    public Uni<RestResponse<MembersChange>> change(
            @PathParam("id") @WholeNumber(min = 1, max = 65_535) @Parameter(example = "4") String id,
            @ValidBody @NotNull(message = "must be given") MemberPatch body,
            @Valid @BeanParam ChangeParameters terms,
            @Context RoutingContext http) {
        if (body.role() == null && body.address() == null) {
            throw new ProblemException(Problem.invalid("role", "must be given, or address"));
        }
        return change(Requests.update(Integer.parseInt(id), body), terms, http)
                .map(answer -> answered(answer, status(answer.value())));
    }

    @DELETE
    @Path("{id}")
    @Operation(
            operationId = "removeMember",
            summary = "Remove a member; one that leads hands over first",
            description = "Any node takes it. The answer waits until the change is settled; then stop the node, which"
                    + " serves no more. Its id is not for another node.")
    @Gives(says = "Removed; or, with dryRun, what would be.", examples = Examples.MEMBERS_CHANGE)
    @Gives(
            status = 202,
            says = UNSETTLED + " A node that removes itself always answers this.",
            examples = Examples.MEMBERS_CHANGE)
    @Fails({
        ProblemType.MEMBER_UNKNOWN,
        ProblemType.CHANGE_IN_PROGRESS,
        ProblemType.NO_SUCCESSOR,
        ProblemType.WOULD_LOSE_QUORUM,
        ProblemType.VERSION_STALE,
        ProblemType.OUTCOME_UNKNOWN
    })
    public Uni<RestResponse<MembersChange>> remove(
            @PathParam("id") @WholeNumber(min = 1, max = 65_535) @Parameter(example = "4") String id,
            @Valid @BeanParam ChangeParameters terms,
            @Context RoutingContext http) {
        return change(new MemberChange.Remove(Integer.parseInt(id)), terms, http)
                .map(answer -> answered(answer, status(answer.value())));
    }

    private Uni<Answer<ChangedMembers>> change(MemberChange wanted, ChangeParameters terms, RoutingContext http) {
        AuditedCall.of(http).administers(text(wanted), terms.isDryRun());
        return administration.change(Callers.of(http), wanted, terms.version(), terms.isDryRun());
    }

    private static String text(MemberChange wanted) {
        if (wanted instanceof MemberChange.Add add) {
            return "adding member " + add.id() + " at " + add.host() + ":" + add.port();
        } else if (wanted instanceof MemberChange.Remove remove) {
            return "removing member " + remove.id();
        } else if (wanted instanceof MemberChange.Update update) {
            String vote = update.voter() == null ? "" : update.voter() ? ", as a voter" : ", as an observer";
            return "changing member " + update.id() + vote + (update.host() == null ? "" : ", at " + update.host());
        }
        throw new IllegalArgumentException("no change of members: " + wanted);
    }

    private static RestResponse.Status status(ChangedMembers members) {
        return members.settled() ? RestResponse.Status.OK : RestResponse.Status.ACCEPTED;
    }

    private static RestResponse<MembersChange> answered(Answer<ChangedMembers> answer, RestResponse.Status status) {
        return Answers.at(ResponseBuilder.create(status, ClusterBodies.of(answer.value())), answer.at())
                .build();
    }
}
