package io.holdfast.operator;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;

/**
 * {@code holdfast_operator_api_requests_total}: the requests that the API server answered, by method and status code; a
 * watch counts once, when it begins. The client tells no interceptor of a request that it does not repeat and that has
 * no answer. Any thread.
 */
final class ApiRequests implements Interceptor {

    private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "PATCH", "DELETE");
    private static final String OTHER = "other";

    private final MeterRegistry registry;

    ApiRequests(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void after(HttpRequest request, HttpResponse<?> response, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
        String method = METHODS.contains(request.method()) ? request.method() : OTHER;
        registry.counter("holdfast.operator.api.requests", "method", method, "code", code(response.code()))
                .increment();
    }

    /** An answer may have any number: the labels stay as many as HTTP has codes. */
    private static String code(int code) {
        return code >= 100 && code < 600 ? Integer.toString(code) : OTHER;
    }
}
