package io.holdfast.guard.rest;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.ext.WriterInterceptorContext;
import java.io.IOException;
import java.lang.ref.Reference;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;

/** A request that no container drives: it may be forgotten, or never be answered. */
final class FakeRequest {

    private final Map<String, Object> properties = new HashMap<>();
    private final String token;
    private Response answer;

    FakeRequest(String token) {
        this.token = token;
    }

    ContainerRequestContext context() {
        var path = fake(UriInfo.class, (proxy, method, arguments) -> new MultivaluedHashMap<>());
        return fake(ContainerRequestContext.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "getHeaderString" -> token;
            case "getUriInfo" -> path;
            case "setProperty" -> properties.put((String) arguments[0], arguments[1]);
            case "getProperty" -> properties.get((String) arguments[0]);
            case "abortWith" -> answer = (Response) arguments[0];
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    Response answer() {
        return answer;
    }

    /** Returns the writer of its response, whose client is gone. */
    WriterInterceptorContext brokenWriter() {
        return fake(WriterInterceptorContext.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "getProperty" -> properties.get((String) arguments[0]);
            case "proceed" -> throw new IOException("the connection is closed");
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    static ContainerResponseContext response(boolean hasEntity) {
        return fake(ContainerResponseContext.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "hasEntity" -> hasEntity;
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    void keepAlive() {
        Reference.reachabilityFence(this);
    }

    private static <T> T fake(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
