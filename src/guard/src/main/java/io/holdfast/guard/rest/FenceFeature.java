package io.holdfast.guard.rest;

import io.holdfast.guard.Fence;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.DynamicFeature;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.FeatureContext;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts a fence before the resource methods that are {@link Fenced}. Register one instance with the application.
 *
 * <p>A request has the token of its grant in the header {@value FenceFilter#HEADER}. It holds its resource from before
 * its body is read until its response is written, so that comparison and write are one step. It is answered with
 * {@code application/problem+json}: 428 without a token, 400 with one that is none, 412 if a higher one was seen, 503
 * with {@code Retry-After} if the resource did not become free in time.
 *
 * <p>The fence is in the memory of this process and protects what only this process writes. Where several instances
 * write, fence in the data store ({@code io.holdfast.guard.jdbc}). It passes a request after authorization
 * ({@link Priorities#AUTHORIZATION}), so that a request that may not write raises no fence. Waiting blocks the thread
 * of the request: a fenced method must not run on an event loop.
 */
public class FenceFeature implements DynamicFeature {

    private static final int AFTER_AUTHORIZATION = Priorities.AUTHORIZATION + 500;
    /** Response filters run by falling, interceptors from the outside by rising priority: both have the last word. */
    private static final int OUTERMOST = -1_000_000;

    private final Fence fence;

    /**
     * Creates the feature.
     *
     * @param fence what remembers the tokens; it may be used beside the filter for the same resources
     */
    public FenceFeature(Fence fence) {
        this.fence = fence;
    }

    /**
     * Registers the filter for a method that is fenced.
     *
     * @throws IllegalArgumentException if the template of the annotation is malformed
     */
    @Override
    public void configure(ResourceInfo resource, FeatureContext context) {
        annotation(resource.getResourceClass(), resource.getResourceMethod())
                .ifPresent(fenced -> context.register(
                                new FenceFilter(fence, new ResourceName(fenced.value())), AFTER_AUTHORIZATION)
                        .register(new FenceRelease(), OUTERMOST));
    }

    private static Optional<Fenced> annotation(Class<?> type, Method method) {
        var types = new LinkedHashSet<Class<?>>();
        collect(type, types);
        collect(method.getDeclaringClass(), types);
        var found = new ArrayList<Fenced>();
        add(found, method.getAnnotation(Fenced.class));
        types.forEach(each -> overridden(each, method).forEach(one -> add(found, one.getAnnotation(Fenced.class))));
        types.forEach(each -> add(found, each.getAnnotation(Fenced.class)));
        return found.stream().findFirst();
    }

    private static void collect(Class<?> type, Set<Class<?>> into) {
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            into.add(each);
        }
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            for (var implemented : each.getInterfaces()) {
                collect(implemented, into);
            }
        }
    }

    /**
     * Returns the methods that this one overrides, as far as erased types tell. A generic parent's parameters are
     * wider; to fence one method too many is noticed in the first request, to leave one out is not.
     */
    private static List<Method> overridden(Class<?> type, Method method) {
        var found = new ArrayList<Method>();
        for (var candidate : type.getDeclaredMethods()) {
            if (candidate.getName().equals(method.getName())
                    && candidate.getParameterCount() == method.getParameterCount()
                    && wider(candidate.getParameterTypes(), method.getParameterTypes())) {
                found.add(candidate);
            }
        }
        return found;
    }

    private static boolean wider(Class<?>[] parameters, Class<?>[] than) {
        for (int i = 0; i < parameters.length; i++) {
            if (!parameters[i].isAssignableFrom(than[i])) {
                return false;
            }
        }
        return true;
    }

    private static void add(List<Fenced> found, @Nullable Fenced fenced) {
        if (fenced != null) {
            found.add(fenced);
        }
    }
}
