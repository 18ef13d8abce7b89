package io.holdfast.operator.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.operator.Role;
import io.holdfast.operator.RoleStarter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** The webhook: answers an {@code AdmissionReview} of a pod. It has no side effect, and it never forbids. */
@Path("/inject")
public class InjectResource {

    private static final String API_VERSION = "admission.k8s.io/v1";
    private static final String KIND = "AdmissionReview";

    private final RoleStarter role;
    private final Injection injection;
    private final ObjectMapper json;
    private final MeterRegistry metrics;

    /** Creates it. */
    public InjectResource(
            RoleStarter role, InjectorConfig config, Clusters clusters, ObjectMapper json, MeterRegistry metrics) {
        this.role = role;
        this.injection = new Injection(config.sidecarImage().orElse(""), clusters);
        this.json = json;
        this.metrics = metrics;
    }

    /** Answers one review. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public ObjectNode review(@Nullable JsonNode review) {
        if (role.role() != Role.INJECTOR) {
            throw new NotFoundException();
        }
        if (review == null
                || !API_VERSION.equals(review.path("apiVersion").asText())
                || !KIND.equals(review.path("kind").asText())
                || review.path("request").path("uid").asText().isEmpty()) {
            throw new BadRequestException(Response.status(Response.Status.BAD_REQUEST)
                    .type(MediaType.TEXT_PLAIN)
                    .entity("Send an " + KIND + " of " + API_VERSION + " with a request that has a uid.\n")
                    .build());
        }
        JsonNode request = review.path("request");
        Injection.Decision decision = decide(request);
        ObjectNode answer =
                json.createObjectNode().put("apiVersion", API_VERSION).put("kind", KIND);
        ObjectNode response = answer.putObject("response");
        response.set("uid", request.path("uid"));
        response.put("allowed", true);
        if (!decision.warnings().isEmpty()) {
            ArrayNode warnings = response.putArray("warnings");
            decision.warnings().forEach(warnings::add);
        }
        if (!decision.patch().isEmpty()) {
            response.put("patchType", "JSONPatch");
            response.put("patch", decision.patch().toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        return answer;
    }

    private Injection.Decision decide(JsonNode request) {
        boolean pod = "CREATE".equals(request.path("operation").asText())
                && "pods".equals(request.path("resource").path("resource").asText())
                && request.path("subResource").asText().isEmpty();
        Injection.Decision decision = pod
                ? injection.decide(
                        request.path("object"), request.path("namespace").asText())
                : Injection.Decision.nothing(java.util.List.of());
        String outcome = decision.injected() ? "injected" : decision.warnings().isEmpty() ? "unchanged" : "refused";
        metrics.counter("holdfast.operator.injections", "outcome", outcome).increment();
        return decision;
    }
}
