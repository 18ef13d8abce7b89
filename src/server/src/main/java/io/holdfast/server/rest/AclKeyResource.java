package io.holdfast.server.rest;

import io.holdfast.api.AccessKeyBody;
import io.holdfast.api.AccessKeyList;
import io.holdfast.api.Durations;
import io.holdfast.api.KeyText;
import io.holdfast.api.NewAccessKey;
import io.holdfast.api.ProblemType;
import io.holdfast.lock.acl.AccessKey;
import io.holdfast.lock.acl.AclChange;
import io.holdfast.server.audit.AuditedCall;
import io.holdfast.server.replica.AccessRules;
import io.holdfast.server.rest.input.AclName;
import io.holdfast.server.rest.input.ValidBody;
import io.holdfast.server.rest.openapi.AclExamples;
import io.holdfast.server.rest.openapi.Fails;
import io.holdfast.server.rest.openapi.Gives;
import io.holdfast.server.rest.openapi.Takes;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jspecify.annotations.Nullable;

/** Access keys over HTTP: the key is answered once, and only its hash is kept. */
@Path("/v1/acl/keys")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Access")
public final class AclKeyResource {

    private static final Duration LIFE = Duration.ofDays(90);

    private final AccessRules rules;
    private final SecureRandom random = new SecureRandom();

    AclKeyResource(AccessRules rules) {
        this.rules = rules;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "createAccessKey",
            summary = "Make an access key",
            description = "Needs admin:acl. The key is in this answer and nowhere else. Two keys of a name may live at"
                    + " the same time, so that one can take the place of the other.")
    @Takes(AclExamples.NEW_ACCESS_KEY)
    @Gives(status = 201, says = "Made; keep the key now.", examples = AclExamples.ACCESS_KEY)
    @Fails({ProblemType.BODY_TOO_LARGE, ProblemType.UNSUPPORTED_MEDIA_TYPE, ProblemType.OUTCOME_UNKNOWN})
    public Uni<RestResponse<AccessKeyBody>> create(
            @ValidBody @NotNull(message = "must be given") NewAccessKey body, @Context RoutingContext http) {
        KeyText text = KeyText.generate(random);
        long now = System.currentTimeMillis();
        Duration life = body.expires() == null ? LIFE : Durations.require(body.expires());
        String name = Objects.requireNonNull(body.name());
        AccessKey key = new AccessKey(text.id(), name, text.hash(), now, now + life.toMillis());
        AclChange change = new AclChange.CreateKey(key);
        AuditedCall.of(http).administers("making access key " + key.id() + " of key:" + name, false);
        return rules.change(Callers.of(http), acl -> change, AccessRules.Terms.PLAIN)
                .map(answer -> Answers.at(
                                ResponseBuilder.create(RestResponse.Status.CREATED, of(key, text.text())), answer.at())
                        .build());
    }

    @GET
    @Operation(operationId = "listAccessKeys", summary = "List the access keys", description = "Needs admin:acl.")
    @Gives(says = "What is known of them, also of those that expired.", examples = AclExamples.ACCESS_KEYS)
    @Fails({})
    public Uni<RestResponse<AccessKeyList>> list(@Context RoutingContext http) {
        return rules.rules(Callers.of(http))
                .map(answer -> Answers.ok(
                        answer,
                        acl -> new AccessKeyList(
                                acl.keys().stream().map(key -> of(key, null)).toList())));
    }

    @DELETE
    @Path("{id}")
    @Operation(
            operationId = "deleteAccessKey",
            summary = "Delete an access key",
            description = "Needs admin:acl. It proves nothing any more once this is answered.")
    @Gives(status = 204, says = "Deleted.")
    @Fails({ProblemType.ACL_UNKNOWN, ProblemType.OUTCOME_UNKNOWN})
    public Uni<RestResponse<Void>> delete(
            @PathParam("id") @AclName @Parameter(example = "x7Kq2mPa") String id, @Context RoutingContext http) {
        AclChange change = new AclChange.DeleteKey(id);
        AuditedCall.of(http).administers("deleting access key " + id, false);
        return rules.change(Callers.of(http), acl -> change, AccessRules.Terms.PLAIN)
                .map(answer -> Answers.gone(answer.at()));
    }

    private static AccessKeyBody of(AccessKey key, @Nullable String text) {
        return new AccessKeyBody(
                key.id(),
                key.name(),
                Instant.ofEpochMilli(key.createdAtMillis()).toString(),
                Instant.ofEpochMilli(key.expiresAtMillis()).toString(),
                text);
    }
}
