package io.holdfast.server.rest.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.server.edge.RequestLog;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;

/** Writes problems, for Jakarta REST and for the routes beneath it, whatever the client said it accepts. */
@ApplicationScoped
public class ProblemWriter {

    private final ObjectMapper json;

    ProblemWriter(ObjectMapper json) {
        this.json = json;
    }

    /** Returns a problem as an answer of a resource. */
    Response response(Problem problem, RoutingContext request) {
        RequestLog.refused(request, problem.type().slug(), problem.detail());
        Response.ResponseBuilder answer = Response.status(problem.type().status())
                .type(Problem.MEDIA_TYPE)
                .entity(document(problem, request.request().path()));
        problem.headers().forEach(answer::header);
        return answer.build();
    }

    /** Ends a request with a problem; does nothing when its answer has begun. */
    public void write(RoutingContext request, Problem problem) {
        var answer = request.response();
        if (answer.headWritten() || answer.ended()) {
            return;
        }
        RequestLog.refused(request, problem.type().slug(), problem.detail());
        answer.setStatusCode(problem.type().status()).putHeader("Content-Type", Problem.MEDIA_TYPE);
        problem.headers().forEach(answer::putHeader);
        byte[] document = document(problem, request.request().path());
        answer.end(Buffer.buffer(document));
    }

    private byte[] document(Problem problem, String instance) {
        try {
            return json.writeValueAsBytes(problem.document(instance));
        } catch (JsonProcessingException e) {
            // Members are strings, numbers and the API's own records; a problem must reach the client in any case.
            String bare = "{\"type\":\"" + problem.type().urn() + "\",\"status\":"
                    + problem.type().status() + "}";
            return bare.getBytes(StandardCharsets.UTF_8);
        }
    }
}
