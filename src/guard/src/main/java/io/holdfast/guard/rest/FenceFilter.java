package io.holdfast.guard.rest;

import io.holdfast.guard.Fence;
import io.holdfast.guard.ResourceBusyException;
import io.holdfast.guard.StaleTokenException;
import io.holdfast.guard.Tokens;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.WriterInterceptor;
import jakarta.ws.rs.ext.WriterInterceptorContext;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.util.Locale;

/** Holds the fence of one resource method for a request, from after its authorization until its response is written. */
final class FenceFilter implements ContainerRequestFilter, ContainerResponseFilter, WriterInterceptor {

    /** The header that has the fencing token, a decimal number. */
    static final String HEADER = "Holdfast-Token";

    private static final String HELD = FenceFilter.class.getName() + ".held";
    private static final Cleaner FORGOTTEN = Cleaner.create();

    private final Fence fence;
    private final ResourceName name;

    FenceFilter(Fence fence, ResourceName name) {
        this.fence = fence;
        this.name = name;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        String header = request.getHeaderString(HEADER);
        if (header == null) {
            request.abortWith(problem(428, "token-required", "The header " + HEADER + " is required")
                    .build());
            return;
        }
        String resource = name.with(request.getUriInfo().getPathParameters());
        long token = token(header);
        try {
            Tokens.check(resource, token);
        } catch (IllegalArgumentException malformed) {
            request.abortWith(problem(400, "token-invalid", "No fencing token or resource: " + malformed.getMessage())
                    .build());
            return;
        }
        try {
            request.setProperty(HELD, new Held(fence.enter(resource, token)));
        } catch (StaleTokenException stale) {
            request.abortWith(problem(412, "token-stale", "A higher fencing token was seen; acquire the lock again")
                    .build());
        } catch (ResourceBusyException busy) {
            request.abortWith(busy());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            request.abortWith(busy());
        }
    }

    /** Ends the hold of a response without a body; one with a body ends it when that is written. */
    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (!response.hasEntity()) {
            end(request.getProperty(HELD));
        }
    }

    @Override
    public void aroundWriteTo(WriterInterceptorContext context) throws IOException {
        try {
            context.proceed();
        } finally {
            end(context.getProperty(HELD));
        }
    }

    private static void end(@org.jspecify.annotations.Nullable Object held) {
        if (held instanceof Held hold) {
            hold.end();
        }
    }

    /** Returns the number of a header, or 0, which is no token. */
    private static long token(String header) {
        if (!header.matches("[0-9]{1,16}")) {
            return 0;
        }
        return Long.parseLong(header);
    }

    private static Response busy() {
        return problem(503, "resource-busy", "The resource is being written; nothing was done")
                .header(HttpHeaders.RETRY_AFTER, 1)
                .build();
    }

    private static Response.ResponseBuilder problem(int status, String slug, String title) {
        return Response.status(status)
                .type("application/problem+json")
                .entity(String.format(
                        Locale.ROOT,
                        "{\"type\":\"urn:holdfast:guard:%s\",\"title\":\"%s\",\"status\":%d}",
                        slug,
                        title,
                        status));
    }

    /**
     * The hold of a request. A request that ends without a response, as after an exception that nothing maps, runs no
     * filter: then the hold ends when the container has forgotten the request's properties.
     */
    private static final class Held {
        private final Cleaner.Cleanable hold;

        Held(Fence.Hold hold) {
            this.hold = FORGOTTEN.register(this, hold::close);
        }

        void end() {
            hold.clean();
        }
    }
}
