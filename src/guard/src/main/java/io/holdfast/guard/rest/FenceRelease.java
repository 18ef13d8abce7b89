package io.holdfast.guard.rest;

import io.holdfast.guard.Fence;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.ext.WriterInterceptor;
import jakarta.ws.rs.ext.WriterInterceptorContext;
import java.io.IOException;
import java.lang.ref.Cleaner;
import org.jspecify.annotations.Nullable;

/** Frees the resource of a request once its response is written, or will never be. */
final class FenceRelease implements ContainerResponseFilter, WriterInterceptor {

    private static final String HELD = FenceRelease.class.getName() + ".held";
    private static final Cleaner FORGOTTEN = Cleaner.create();

    /** Has the hold end with this request. */
    static void later(ContainerRequestContext request, Fence.Hold hold) {
        request.setProperty(HELD, new Held(hold));
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

    private static void end(@Nullable Object held) {
        if (held instanceof Held hold) {
            hold.end();
        }
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
