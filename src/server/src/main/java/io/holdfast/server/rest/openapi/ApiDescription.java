package io.holdfast.server.rest.openapi;

import io.holdfast.api.Problem;
import io.holdfast.api.ProblemType;
import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.headers.Header;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.jboss.jandex.AnnotationInstance;
import org.jboss.jandex.DotName;
import org.jboss.jandex.IndexView;

/**
 * Takes the bodies of the API description as they are written, and writes into it what calls have in common: the
 * headers of every answer, and each problem under its status with an example of its own.
 */
@OpenApiFilter(OpenApiFilter.RunStage.BUILD)
public final class ApiDescription implements OASFilter {

    private static final Set<ProblemType> EVERYWHERE = EnumSet.of(
            ProblemType.INVALID_REQUEST,
            ProblemType.FOREIGN_ORIGIN,
            ProblemType.UNAUTHENTICATED,
            ProblemType.TLS_REQUIRED,
            ProblemType.PATH_UNKNOWN,
            ProblemType.METHOD_NOT_ALLOWED,
            ProblemType.NOT_ACCEPTABLE,
            ProblemType.URI_TOO_LONG,
            ProblemType.NOT_HERE,
            ProblemType.HEADERS_TOO_LARGE,
            ProblemType.FOREIGN_HOST,
            ProblemType.RATE_LIMITED,
            ProblemType.INTERNAL_ERROR,
            ProblemType.NO_LEADER,
            ProblemType.OVERLOADED,
            ProblemType.NOT_READY,
            ProblemType.NOT_A_MEMBER,
            ProblemType.LEVEL_TOO_LOW,
            ProblemType.AUTH_UNAVAILABLE,
            ProblemType.NOT_AUDITED);
    private static final Set<Integer> RETRIED = Set.of(423, 429, 503, 504);
    private static final String OPERATION = "org.eclipse.microprofile.openapi.annotations.Operation";
    private static final String REF = "#/components/";
    private static final String WRITTEN = "body.";

    private final Map<String, Set<ProblemType>> failsByOperation = new TreeMap<>();
    private final BodyExamples bodies;

    /**
     * Creates the filter.
     *
     * @param index all classes of the application
     */
    public ApiDescription(IndexView index) {
        bodies = new BodyExamples(index);
        for (AnnotationInstance fails : index.getAnnotations(Fails.class)) {
            Set<ProblemType> types = EnumSet.noneOf(ProblemType.class);
            for (String type : fails.value().asEnumArray()) {
                types.add(ProblemType.valueOf(type));
            }
            if (types.contains(ProblemType.BODY_TOO_LARGE)) {
                types.add(ProblemType.REQUEST_TIMEOUT);
            }
            AnnotationInstance operation = fails.target().asMethod().annotation(DotName.createSimple(OPERATION));
            failsByOperation.put(operation.value("operationId").asString(), types);
        }
    }

    @Override
    public void filterOpenAPI(OpenAPI api) {
        if (api.getComponents() == null) {
            api.setComponents(OASFactory.createComponents());
        }
        api.getComponents().setSchemas(written(api.getComponents().getSchemas()));
        headers().forEach(api.getComponents()::addHeader);
        api.getPaths()
                .getPathItems()
                .values()
                .forEach(item -> item.getOperations().forEach((method, operation) -> describe(operation)));
    }

    /** Returns the schemas of {@code META-INF/openapi.yaml}, in its order, and none that was made of a class. */
    private static Map<String, Schema> written(Map<String, Schema> all) {
        Map<String, Schema> written = new LinkedHashMap<>();
        all.forEach((name, schema) -> {
            if (name.startsWith(WRITTEN)) {
                written.put(name.substring(WRITTEN.length()), schema);
            }
        });
        return written;
    }

    private void describe(Operation operation) {
        Set<ProblemType> fails = failsByOperation.get(String.valueOf(operation.getOperationId()));
        if (fails == null) {
            return;
        }
        bodies.describe(operation);
        Map<Integer, List<ProblemType>> byStatus = new TreeMap<>();
        Set<ProblemType> all = EnumSet.copyOf(EVERYWHERE);
        all.addAll(fails);
        all.forEach(type -> byStatus.computeIfAbsent(type.status(), status -> new ArrayList<>())
                .add(type));
        byStatus.forEach((status, types) ->
                operation.getResponses().addAPIResponse(Integer.toString(status), response(status, types)));
        operation.getResponses().getAPIResponses().forEach((status, response) -> {
            for (String header : List.of("Holdfast-Revision", "Holdfast-Node", "Holdfast-Role", "Holdfast-Age-Ms")) {
                response.addHeader(header, OASFactory.createHeader().ref(REF + "headers/" + header));
            }
        });
        if (Set.of("listLocks", "listSessions", "readEvents").contains(String.valueOf(operation.getOperationId()))) {
            operation
                    .getResponses()
                    .getAPIResponse("200")
                    .addHeader("Holdfast-Filtered", OASFactory.createHeader().ref(REF + "headers/Holdfast-Filtered"));
        }
        boolean located = Set.of("openSession", "takeGrant", "takeNewGrant", "takeLock")
                .contains(String.valueOf(operation.getOperationId()));
        for (String status : List.of("200", "201", "202")) {
            APIResponse response = operation.getResponses().getAPIResponse(status);
            if (located && response != null) {
                response.addHeader("Location", OASFactory.createHeader().ref(REF + "headers/Location"));
            }
        }
    }

    private static APIResponse response(int status, List<ProblemType> types) {
        var media =
                OASFactory.createMediaType().schema(OASFactory.createSchema().ref(REF + "schemas/Problem"));
        var titles = new ArrayList<String>();
        for (ProblemType type : types) {
            titles.add(type.slug() + ": " + type.title() + ".");
            media.addExample(type.slug(), OASFactory.createExample().value(example(type)));
        }
        APIResponse response = OASFactory.createAPIResponse()
                .description(String.join(" ", titles))
                .content(OASFactory.createContent().addMediaType(Problem.MEDIA_TYPE, media));
        if (RETRIED.contains(status)) {
            response.addHeader("Retry-After", OASFactory.createHeader().ref(REF + "headers/Retry-After"));
        }
        if (status == ProblemType.UNAUTHENTICATED.status()) {
            response.addHeader("WWW-Authenticate", OASFactory.createHeader().ref(REF + "headers/WWW-Authenticate"));
        }
        if (status == ProblemType.METHOD_NOT_ALLOWED.status()) {
            response.addHeader("Allow", OASFactory.createHeader().ref(REF + "headers/Allow"));
        }
        return response;
    }

    private static Map<String, Object> example(ProblemType type) {
        var example = new LinkedHashMap<String, Object>();
        example.put("type", type.urn());
        example.put("title", type.title());
        example.put("status", type.status());
        if (type == ProblemType.INVALID_REQUEST) {
            var violation = new LinkedHashMap<String, Object>();
            violation.put("field", "limit");
            violation.put("message", "must be a whole number, 1 to 1000");
            example.put("violations", List.of(violation));
        }
        if (type == ProblemType.LOCK_HELD) {
            var holder = new LinkedHashMap<String, Object>();
            holder.put("grant", "close-2026-10");
            holder.put("session", "3-1007");
            holder.put("token", 16);
            example.put("holders", List.of(holder));
            example.put("waiting", 2);
        }
        if (type == ProblemType.DEADLOCK) {
            example.put(
                    "cycle",
                    List.of(
                            step("3-1041", "billing-7f9c", "transfer-8", "accounts/23"),
                            step("3-1042", "billing-b21d", "transfer-9", "accounts/17")));
        }
        if (type == ProblemType.NOT_A_MEMBER) {
            var peer = new LinkedHashMap<String, Object>();
            peer.put("id", 2);
            peer.put("role", "voter");
            peer.put("address", "10.0.0.2:7101");
            peer.put("http", "http://10.0.0.2:7100");
            example.put("members", List.of(peer));
        }
        return example;
    }

    private static Map<String, Object> step(String session, String name, String grant, String lock) {
        var step = new LinkedHashMap<String, Object>();
        step.put("session", session);
        step.put("sessionName", name);
        step.put("grant", grant);
        step.put("lock", lock);
        return step;
    }

    private static Map<String, Header> headers() {
        var headers = new LinkedHashMap<String, Header>();
        headers.put(
                "Holdfast-Revision",
                header("Revision that the answering node had applied: minRevision for a read elsewhere.", "3-1077"));
        headers.put("Holdfast-Node", header("Id of the answering node.", "1"));
        headers.put("Holdfast-Role", header("leader, follower, observer or looking.", "follower"));
        headers.put(
                "Holdfast-Age-Ms",
                header("Milliseconds since the node last heard a leader that a quorum follows; -1 for never.", "12"));
        headers.put(
                "Holdfast-Filtered",
                header(
                        "true when the rules do not let the caller read all that it asked for, whether or not something"
                                + " was left out.",
                        "true"));
        headers.put("Location", header("Path of what was made.", "/v1/grants/close-2026-11"));
        headers.put("Retry-After", header("Seconds after which a retry has a chance.", "1"));
        headers.put(
                "WWW-Authenticate",
                header("The scheme of the credentials that are taken.", "Bearer realm=\"holdfast\""));
        headers.put("Allow", header("The methods that the path takes.", "GET, HEAD, OPTIONS"));
        return headers;
    }

    private static Header header(String description, String example) {
        return OASFactory.createHeader()
                .description(description)
                .schema(type(SchemaType.STRING))
                .example(example);
    }

    private static Schema type(SchemaType type) {
        return OASFactory.createSchema().type(List.of(type));
    }
}
