package io.holdfast.server.rest;

import io.holdfast.api.AclBody;
import io.holdfast.api.AclCheck;
import io.holdfast.api.AclMode;
import io.holdfast.api.AclVerdict;
import io.holdfast.api.ProblemType;
import io.holdfast.lock.acl.AclChange;
import io.holdfast.server.replica.AccessRules;
import io.holdfast.server.rest.input.AclInputs;
import io.holdfast.server.rest.input.ValidBody;
import io.holdfast.server.rest.openapi.AclExamples;
import io.holdfast.server.rest.openapi.Fails;
import io.holdfast.server.rest.openapi.Gives;
import io.holdfast.server.rest.openapi.Takes;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** The rules of access as a whole, over HTTP. */
@Path("/v1/acl")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Access")
public final class AclResource {

    private final AccessRules rules;

    AclResource(AccessRules rules) {
        this.rules = rules;
    }

    @GET
    @Operation(
            operationId = "getAcl",
            summary = "Read the rules of access",
            description = "Needs admin:acl. What it answers can be given back to PUT.")
    @Gives(says = "The rules in force; ETag has their revision.", examples = AclExamples.ACL)
    @Fails({})
    public Uni<RestResponse<AclBody>> get(@Context RoutingContext http) {
        return rules.rules(Callers.of(http)).map(answer -> AclAnswers.of(answer));
    }

    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "replaceAcl",
            summary = "Replace the rules of access",
            description = "Needs admin:acl. Takes the whole document; what is absent from it is taken away, and the"
                    + " access keys stay. Without mode the mode stays too.")
    @Takes(AclExamples.ACL)
    @Gives(says = "The rules in force; or, with dryRun, what would be.", examples = AclExamples.ACL)
    @Fails({
        ProblemType.LAST_ADMINISTRATOR,
        ProblemType.VERSION_STALE,
        ProblemType.BODY_TOO_LARGE,
        ProblemType.UNSUPPORTED_MEDIA_TYPE,
        ProblemType.OUTCOME_UNKNOWN
    })
    public Uni<RestResponse<AclBody>> replace(
            @ValidBody @NotNull(message = "must be given") AclBody body,
            @Valid @BeanParam AclParameters terms,
            @Context RoutingContext http) {
        return AclAnswers.changed(
                http,
                "replacing the rules of access",
                terms,
                rules.change(
                        Callers.of(http),
                        acl -> new AclChange.Replace(AclInputs.document(body, acl.mode())),
                        terms.terms()));
    }

    @PUT
    @Path("mode")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "setAclMode",
            summary = "Set what becomes of a request that no rule allows",
            description =
                    "Needs admin:acl. open judges nothing, observe judges and only logs, enforce refuses. In force"
                            + " at all nodes when it is answered.")
    @Takes(AclExamples.ACL_MODE)
    @Gives(says = "The rules in force; or, with dryRun, what would be.", examples = AclExamples.ACL)
    @Fails({
        ProblemType.LAST_ADMINISTRATOR,
        ProblemType.VERSION_STALE,
        ProblemType.BODY_TOO_LARGE,
        ProblemType.UNSUPPORTED_MEDIA_TYPE,
        ProblemType.OUTCOME_UNKNOWN
    })
    public Uni<RestResponse<AclBody>> mode(
            @ValidBody @NotNull(message = "must be given") AclMode body,
            @Valid @BeanParam AclParameters terms,
            @Context RoutingContext http) {
        AclChange change = new AclChange.SetMode(AclInputs.mode(body.mode()));
        return AclAnswers.changed(
                http,
                "setting the mode of the rules of access to " + body.mode(),
                terms,
                rules.change(Callers.of(http), acl -> change, terms.terms()));
    }

    @POST
    @Path("check")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "checkAcl",
            summary = "Ask whether the rules allow a principal something",
            description =
                    "Needs admin:acl. The answer is that of the rules in force, also where they are not enforced.")
    @Takes(AclExamples.ACL_CHECK)
    @Gives(says = "The verdict.", examples = AclExamples.ACL_VERDICT)
    @Fails({ProblemType.BODY_TOO_LARGE, ProblemType.UNSUPPORTED_MEDIA_TYPE})
    public Uni<RestResponse<AclVerdict>> check(
            @ValidBody @NotNull(message = "must be given") AclCheck body, @Context RoutingContext http) {
        return rules.check(Callers.of(http), AclInputs.subject(body), AclInputs.verb(body), body.lock())
                .map(answer -> Answers.ok(answer, verdict -> new AclVerdict(verdict.allowed(), verdict.policy())));
    }
}
