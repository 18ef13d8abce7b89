package io.holdfast.guard.rest;

import io.holdfast.guard.Fence;
import io.holdfast.guard.ResourceBusyException;
import io.holdfast.guard.StaleTokenException;
import io.holdfast.guard.Tokens;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Locale;

/**
 * Admits the requests of one resource method to its fence, or answers them. {@link FenceRelease} ends what this holds.
 */
final class FenceFilter implements ContainerRequestFilter {

    /** The header that has the fencing token, a decimal number. */
    static final String HEADER = "Holdfast-Token";

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
            FenceRelease.later(request, fence.enter(resource, token));
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
}
