package io.holdfast.server.rest;

import io.holdfast.server.edge.TraceParent;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import org.jboss.logging.Logger;

/**
 * Logs what is done to what belongs to others, or to the ensemble: a line for each request, with the principal or the
 * address that it came from and what became of it. Only checked values of a request are written, never its text as it
 * came.
 */
final class Audit {

    private static final Logger LOG = Logger.getLogger("io.holdfast.audit");

    private Audit() {}

    /**
     * Returns {@code asked}, which is logged when it has ended.
     *
     * @param what is asked for, as the subject of a sentence: {@code breaking grant g of lock l}
     */
    static <T> Uni<T> log(RoutingContext request, String what, Uni<T> asked) {
        String from = Callers.name(request);
        String trace = TraceParent.suffix(request.request());
        return asked.onItemOrFailure()
                .invoke((answer, failure) -> LOG.infof(
                        "%s, asked for by %s: %s%s",
                        what, from, failure == null ? "done" : failure.getMessage(), trace));
    }
}
