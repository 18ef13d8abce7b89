package io.holdfast.server.rest;

import io.holdfast.api.AclBody;
import io.holdfast.lock.acl.Acl;
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

    /** Answers the rules after a change, which is logged unless it was a dry run. */
    static Uni<RestResponse<AclBody>> changed(
            RoutingContext http, String what, AclParameters terms, Uni<Answer<Acl>> change) {
        Uni<Answer<Acl>> asked = terms.isDryRun() ? change : Audit.log(http, what, change);
        return asked.map(AclAnswers::of);
    }
}
