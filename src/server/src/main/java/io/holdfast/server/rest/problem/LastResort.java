package io.holdfast.server.rest.problem;

import io.vertx.core.http.HttpClosedException;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Writes problems where Jakarta REST does not reach: paths that nobody serves, and failures of the routes beneath it.
 */
@ApplicationScoped
public class LastResort {

    /** After every route that serves something, before the framework's own error page. */
    private static final int LAST = 1_000_000;

    private final ProblemWriter writer;

    LastResort(ProblemWriter writer) {
        this.writer = writer;
    }

    void routes(@Observes Router router) {
        router.route().order(LAST).handler(this::unknown).failureHandler(this::failed);
        // A target that cannot be decoded matches no route at all, not even the one above.
        router.errorHandler(400, this::failed);
    }

    private void unknown(RoutingContext request) {
        writer.write(request, ProblemMappers.ofStatus(404));
    }

    private void failed(RoutingContext request) {
        Throwable failure = request.failure();
        if (failure instanceof HttpClosedException || request.response().closed()) {
            // A client that hung up is no defect, and nobody is there to read an answer.
            return;
        }
        int status = request.statusCode();
        if (failure instanceof ProblemException known) {
            writer.write(request, known.problem());
        } else if (status >= 400 && status < 500) {
            writer.write(request, ProblemMappers.ofStatus(status));
        } else {
            Throwable cause = failure == null ? new IllegalStateException("a route failed with " + status) : failure;
            writer.write(request, ProblemMappers.incident(cause, request));
        }
    }
}
