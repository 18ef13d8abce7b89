package io.holdfast.server.rest;

import io.holdfast.server.replica.Answer;
import io.holdfast.server.replica.AppliedAt;
import io.holdfast.server.replica.GrantView;
import io.holdfast.server.replica.Page;
import io.holdfast.server.replica.Refused;
import io.holdfast.server.rest.body.AnswerHeaders;
import io.holdfast.server.rest.input.EntityTags;
import io.holdfast.server.rest.problem.Problem;
import io.holdfast.server.rest.problem.ProblemException;
import java.util.function.Function;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jspecify.annotations.Nullable;

/** Makes answers of what the service says: the body, and the headers of where it was read. */
final class Answers {

    private Answers() {}

    static <V, B> RestResponse<B> ok(Answer<V> answer, Function<V, B> body) {
        return ok(answer, body, null);
    }

    /**
     * Answers 200 with an entity tag.
     *
     * @param tag null for none
     */
    static <V, B> RestResponse<B> ok(Answer<V> answer, Function<V, B> body, @Nullable String tag) {
        return at(ResponseBuilder.ok(body.apply(answer.value())).header("ETag", tag), answer.at())
                .build();
    }

    /** Answers 200 with a page of a listing, and marks it when the caller may not see all of the listing. */
    static <T, B> RestResponse<B> page(Answer<Page<T>> answer, Function<Page<T>, B> body) {
        ResponseBuilder<B> page = at(ResponseBuilder.ok(body.apply(answer.value())), answer.at());
        return answer.value().filtered()
                ? page.header(AnswerHeaders.FILTERED, "true").build()
                : page.build();
    }

    /** Returns the entity tag of a grant, its fencing token; null while it has none. */
    static @Nullable String tag(GrantView grant) {
        return grant.token() == 0 ? null : EntityTags.of(grant.token());
    }

    /** Returns whether a request named a revision of the future. */
    static boolean isAhead(Throwable failure) {
        return failure instanceof Refused refused
                && refused.problem() == io.holdfast.server.replica.Problem.REVISION_AHEAD;
    }

    /** Says that a field names a revision of the future. */
    static Throwable ahead(String field, Throwable failure) {
        return new ProblemException(Problem.invalid(field, String.valueOf(failure.getMessage())));
    }

    static RestResponse<Void> gone(AppliedAt at) {
        return at(ResponseBuilder.<Void>noContent(), at).build();
    }

    static <B> ResponseBuilder<B> at(ResponseBuilder<B> answer, AppliedAt at) {
        AnswerHeaders.give(at, answer::header);
        return answer;
    }
}
