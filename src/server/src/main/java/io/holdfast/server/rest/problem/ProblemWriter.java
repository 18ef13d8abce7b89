package io.holdfast.server.rest.problem;

import io.holdfast.api.Json;
import io.holdfast.server.audit.AuditedCall;
import io.holdfast.server.edge.RequestLog;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.io.UncheckedIOException;

/** Writes problems, for Jakarta REST and for the routes beneath it, whatever the client said it accepts. */
@ApplicationScoped
public class ProblemWriter {

    /** Returns a problem as an answer of a resource. */
    Response response(Problem problem, RoutingContext request) {
        byte[] document = document(problem, request);
        Response.ResponseBuilder answer = Response.status(problem.type().status())
                .type(io.holdfast.api.Problem.MEDIA_TYPE)
                .entity(document);
        problem.headers().forEach(answer::header);
        return answer.build();
    }

    /** Ends a request with a problem; does nothing when its answer has begun. */
    public void write(RoutingContext request, Problem problem) {
        var answer = request.response();
        if (answer.headWritten() || answer.ended()) {
            return;
        }
        byte[] document = document(problem, request);
        answer.setStatusCode(problem.type().status()).putHeader("Content-Type", io.holdfast.api.Problem.MEDIA_TYPE);
        problem.headers().forEach(answer::putHeader);
        answer.end(Buffer.buffer(document));
    }

    private static byte[] document(Problem problem, RoutingContext request) {
        String instance = request.request().path();
        io.holdfast.api.Problem document = problem.document(instance);
        RequestLog.refused(request, problem.type().slug(), problem.detail());
        AuditedCall.refused(request, problem.type().slug(), document.verb(), document.lock());
        try {
            return Json.write(document);
        } catch (UncheckedIOException e) {
            // Half a surrogate pair that the client sent, in a name that the detail quotes.
            return Json.write(Problem.of(problem.type(), problem.type().title()).document(instance));
        }
    }
}
