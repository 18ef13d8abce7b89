package io.holdfast.server.rest.openapi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.MediaType;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.jboss.jandex.AnnotationInstance;
import org.jboss.jandex.AnnotationValue;
import org.jboss.jandex.DotName;
import org.jboss.jandex.IndexView;
import org.jspecify.annotations.Nullable;

/** Writes what {@link Takes} and {@link Gives} say into the API description, each example under its constant's name. */
final class BodyExamples {

    private static final DotName OPERATION =
            DotName.createSimple("org.eclipse.microprofile.openapi.annotations.Operation");
    private static final String JSON = "application/json";

    private final Map<String, List<String>> takenByOperation = new HashMap<>();
    private final Map<String, List<AnnotationInstance>> givenByOperation = new HashMap<>();
    private final Map<String, String> namesByText = new HashMap<>();

    /** Reads the annotations of all calls. */
    BodyExamples(IndexView index) {
        for (AnnotationInstance takes : index.getAnnotations(Takes.class)) {
            takenByOperation.put(operationOf(takes), texts(takes.value()));
        }
        for (AnnotationInstance gives : index.getAnnotationsWithRepeatable(DotName.createSimple(Gives.class), index)) {
            givenByOperation
                    .computeIfAbsent(operationOf(gives), id -> new ArrayList<>())
                    .add(gives);
        }
        for (Field constant : fields()) {
            namesByText.put(
                    textOf(constant),
                    constant.getName().toLowerCase(Locale.ROOT).replace('_', '-'));
        }
    }

    private static List<Field> fields() {
        List<Field> all = new ArrayList<>(List.of(Examples.class.getFields()));
        all.addAll(List.of(AclExamples.class.getFields()));
        return all;
    }

    void describe(Operation operation) {
        List<String> taken = takenByOperation.get(operation.getOperationId());
        if (taken != null) {
            addExamples(operation.getRequestBody().getContent().getMediaType(JSON), taken);
        }
        List<AnnotationInstance> given = givenByOperation.get(operation.getOperationId());
        if (given != null) {
            Schema body = bodyOf(operation);
            operation.setResponses(OASFactory.createAPIResponses());
            for (AnnotationInstance way : given) {
                AnnotationValue status = way.value("status");
                operation
                        .getResponses()
                        .addAPIResponse(status == null ? "200" : status.asString(), response(way, body));
            }
        }
    }

    private APIResponse response(AnnotationInstance way, @Nullable Schema body) {
        APIResponse response =
                OASFactory.createAPIResponse().description(way.value("says").asString());
        List<String> examples = texts(way.value("examples"));
        if (!examples.isEmpty()) {
            MediaType json = OASFactory.createMediaType().schema(body);
            addExamples(json, examples);
            response.content(OASFactory.createContent().addMediaType(JSON, json));
        }
        return response;
    }

    private void addExamples(MediaType media, List<String> examples) {
        for (String example : examples) {
            media.addExample(
                    namesByText.get(example), OASFactory.createExample().value(parsed(example)));
        }
    }

    private static Object parsed(String json) {
        try {
            return new ObjectMapper().readValue(json, Object.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("an example is no JSON: " + json, e);
        }
    }

    /** The schema that was derived from what the method returns. */
    private static @Nullable Schema bodyOf(Operation operation) {
        for (APIResponse response : operation.getResponses().getAPIResponses().values()) {
            if (response.getContent() != null && response.getContent().hasMediaType(JSON)) {
                return response.getContent().getMediaType(JSON).getSchema();
            }
        }
        return null;
    }

    private static String operationOf(AnnotationInstance onCall) {
        return onCall.target()
                .asMethod()
                .annotation(OPERATION)
                .value("operationId")
                .asString();
    }

    private static List<String> texts(@Nullable AnnotationValue examples) {
        return examples == null ? List.of() : List.of(examples.asStringArray());
    }

    private static String textOf(Field constant) {
        try {
            return String.valueOf(constant.get(null));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(constant + " cannot be read", e);
        }
    }
}
