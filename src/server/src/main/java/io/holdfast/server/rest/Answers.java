package io.holdfast.server.rest;

import io.holdfast.server.replica.Answer;
import io.holdfast.server.replica.AppliedAt;
import io.holdfast.server.rest.model.AnswerHeaders;
import java.util.function.Function;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/** Makes answers of what the service says: the body, and the headers of where it was read. */
final class Answers {

    private Answers() {}

    static <V, B> RestResponse<B> ok(Answer<V> answer, Function<V, B> body) {
        return at(ResponseBuilder.ok(body.apply(answer.value())), answer.at()).build();
    }

    static RestResponse<Void> gone(AppliedAt at) {
        return at(ResponseBuilder.<Void>noContent(), at).build();
    }

    static <B> ResponseBuilder<B> at(ResponseBuilder<B> answer, AppliedAt at) {
        AnswerHeaders.give(at, answer::header);
        return answer;
    }
}
