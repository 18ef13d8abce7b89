package io.holdfast.operator.paper.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** An answer other than success, with the reason that clients compare. */
public final class ApiException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int code;
    private final String reason;
    private final String cause;

    ApiException(int code, String reason, String message) {
        this(code, reason, message, "");
    }

    private ApiException(int code, String reason, String message, String cause) {
        super(message);
        this.code = code;
        this.reason = reason;
        this.cause = cause;
    }

    static ApiException badRequest(String message) {
        return new ApiException(400, "BadRequest", message);
    }

    static ApiException notFound(Resource resource, String name) {
        return new ApiException(404, "NotFound", resource.name() + " \"" + name + "\" not found");
    }

    static ApiException conflict(Resource resource, String name, String why) {
        return new ApiException(
                409, "Conflict", "Operation cannot be fulfilled on " + resource.name() + " \"" + name + "\": " + why);
    }

    static ApiException invalid(String message) {
        return new ApiException(422, "Invalid", message);
    }

    static ApiException budget(String message) {
        return new ApiException(
                429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.", message);
    }

    public int code() {
        return code;
    }

    /** The body of the answer. */
    JsonNode status() {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.put("kind", "Status").put("apiVersion", "v1").put("status", "Failure");
        status.putObject("metadata");
        status.put("message", getMessage()).put("reason", reason).put("code", code);
        if (!cause.isEmpty()) {
            status.putObject("details")
                    .putArray("causes")
                    .addObject()
                    .put("reason", "DisruptionBudget")
                    .put("message", cause);
        }
        return status;
    }
}
