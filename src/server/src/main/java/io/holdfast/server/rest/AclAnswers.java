package io.holdfast.server.rest;

import io.holdfast.api.AclBody;
import io.holdfast.lock.acl.Acl;
import io.holdfast.server.audit.AuditedCall;
import io.holdfast.server.replica.Answer;
import io.holdfast.server.rest.body.AclBodies;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import org.jboss.resteasy.reactive.RestResponse;

/** Answers of calls that are about the rules of access. */
final class AclAnswers {

    private AclAnswers() {}

    /** Answers all rules. */
    static RestResponse<AclBody> of(Answer<Acl> answer) {
        return Answers.ok(answer, AclBodies::of, AclBodies.tag(answer.value()));
    }

    /** Answers the rules after a change, which is recorded as administration unless it was a dry run. */
    static Uni<RestResponse<AclBody>> changed(
            RoutingContext http, String what, AclParameters terms, Uni<Answer<Acl>> change) {
        AuditedCall.of(http).administers(what, terms.isDryRun());
        return change.map(AclAnswers::of);
    }
}
