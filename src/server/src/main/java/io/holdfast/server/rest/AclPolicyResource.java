package io.holdfast.server.rest;

import io.holdfast.api.AclBody;
import io.holdfast.api.AclPolicy;
import io.holdfast.api.ProblemType;
import io.holdfast.lock.acl.AclChange;
import io.holdfast.lock.acl.AclPart;
import io.holdfast.server.replica.AccessRules;
import io.holdfast.server.rest.body.AclBodies;
import io.holdfast.server.rest.input.AclInputs;
import io.holdfast.server.rest.input.AclName;
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
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** One policy of the rules of access, over HTTP. */
@Path("/v1/acl/policies/{name}")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Access")
public final class AclPolicyResource {

    private final AccessRules rules;

    AclPolicyResource(AccessRules rules) {
        this.rules = rules;
    }

    @GET
    @Operation(operationId = "getPolicy", summary = "Read one policy", description = "Needs admin:acl.")
    @Gives(says = "The policy; ETag has the revision of all rules.", examples = AclExamples.ACL_POLICY)
    @Fails({ProblemType.ACL_UNKNOWN})
    public Uni<RestResponse<AclPolicy>> get(
            @PathParam("name") @AclName @Parameter(example = "payments") String name, @Context RoutingContext http) {
        return rules.policy(Callers.of(http), name).map(answer -> Answers.ok(answer, AclBodies::of));
    }

    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "putPolicy",
            summary = "Set one policy",
            description = "Needs admin:acl. Adds it, or puts it in the place of the one of that name.")
    @Takes(AclExamples.ACL_POLICY)
    @Gives(says = "The rules in force; or, with dryRun, what would be.", examples = AclExamples.ACL)
    @Fails({
        ProblemType.LAST_ADMINISTRATOR,
        ProblemType.VERSION_STALE,
        ProblemType.BODY_TOO_LARGE,
        ProblemType.UNSUPPORTED_MEDIA_TYPE,
        ProblemType.OUTCOME_UNKNOWN
    })
    public Uni<RestResponse<AclBody>> put(
            @PathParam("name") @AclName @Parameter(example = "payments") String name,
            @ValidBody @NotNull(message = "must be given") AclPolicy body,
            @Valid @BeanParam AclParameters terms,
            @Context RoutingContext http) {
        AclChange change = new AclChange.PutPolicy(AclInputs.policy(name, body.rules()));
        return AclAnswers.changed(
                http,
                "setting policy " + name + " of the rules of access",
                terms,
                rules.change(Callers.of(http), acl -> change, terms.terms()));
    }

    @DELETE
    @Operation(operationId = "deletePolicy", summary = "Delete one policy", description = "Needs admin:acl.")
    @Gives(says = "The rules in force; or, with dryRun, what would be.", examples = AclExamples.ACL)
    @Fails({
        ProblemType.ACL_UNKNOWN,
        ProblemType.LAST_ADMINISTRATOR,
        ProblemType.VERSION_STALE,
        ProblemType.OUTCOME_UNKNOWN
    })
    public Uni<RestResponse<AclBody>> delete(
            @PathParam("name") @AclName @Parameter(example = "payments") String name,
            @Valid @BeanParam AclParameters terms,
            @Context RoutingContext http) {
        AclChange change = new AclChange.Delete(AclPart.POLICIES, name);
        return AclAnswers.changed(
                http,
                "deleting policy " + name + " of the rules of access",
                terms,
                rules.change(Callers.of(http), acl -> change, terms.terms()));
    }
}
