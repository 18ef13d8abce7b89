package io.holdfast.server.rest;

import io.holdfast.api.ProblemType;
import io.holdfast.server.rest.problem.Problem;
import io.holdfast.server.rest.problem.ProblemException;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.MediaType;
import java.io.ByteArrayInputStream;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Hands the body that the gate read to the resource, if it says that it is JSON in UTF-8. */
final class ReadBody {

    @ServerRequestFilter
    void give(ContainerRequestContext context, RoutingContext request) {
        Buffer body = request.body() == null ? null : request.body().buffer();
        if (body == null) {
            return;
        }
        MediaType type = context.getMediaType();
        if (body.length() > 0 && (type == null || !isJson(type))) {
            throw new ProblemException(Problem.of(
                    ProblemType.UNSUPPORTED_MEDIA_TYPE,
                    "Bodies are JSON in UTF-8; send Content-Type: application/json."));
        }
        context.setEntityStream(new ByteArrayInputStream(body.getBytes()));
    }

    private static boolean isJson(MediaType type) {
        String charset = type.getParameters().getOrDefault(MediaType.CHARSET_PARAMETER, "utf-8");
        return type.isCompatible(MediaType.APPLICATION_JSON_TYPE) && charset.equalsIgnoreCase("utf-8");
    }
}
