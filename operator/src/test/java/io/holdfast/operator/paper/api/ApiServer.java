package io.holdfast.operator.paper.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import io.holdfast.operator.paper.api.ObjectApi.Write;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An API server on the loopback address, in memory: what the operator and its tests need of Kubernetes' API, as strict
 * as a real one where that is cheap. Plain HTTP; there is no authentication.
 */
public final class ApiServer implements AutoCloseable {

    /** How clients begin to call themselves that are parts of the cluster: caches that are late do not concern them. */
    public static final String INSIDE = "paper-";

    private static final String RULES_REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private final Vertx vertx = vertx();
    private final Vertx vertxOfClients = vertx();
    private final ObjectStore store = new ObjectStore();
    private final ObjectApi objects = new ObjectApi(store);
    private final Subresources subresources = new Subresources(objects, store);
    private final Watches watches = new Watches(store);
    private final Map<String, Resource> resources = new ConcurrentSkipListMap<>(Resource.builtIn());
    private final Traffic traffic = new Traffic();
    private final Rights rights = new Rights();
    private final Defects defects = new Defects(store, watches);
    private final Access access = new Access(resources, store, objects);
    private final HttpServer http;

    private ApiServer(int port) {
        store.listen(0, change -> {
            var definition = change.after();
            if (definition != null
                    && change.key().resource().equals("customresourcedefinitions.apiextensions.k8s.io")) {
                var defined = Resource.of(definition);
                resources.put(defined.name(), defined);
            }
        });
        for (var name : new String[] {"default", "kube-system"}) {
            objects.create(Resource.builtIn().get("namespaces"), "", namespace(name));
        }
        http = vertx.createHttpServer()
                .requestHandler(this::handle)
                .listen(port, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    /** A server on a free port. */
    public static ApiServer start() {
        return new ApiServer(0);
    }

    private static ObjectNode namespace(String name) {
        var namespace = ObjectApi.none().put("apiVersion", "v1").put("kind", "Namespace");
        namespace.putObject("metadata").put("name", name);
        return namespace;
    }

    /** Kubernetes' models take seconds to load on a busy machine: that is no reason to warn. */
    private static Vertx vertx() {
        var hour =
                new VertxOptions().setBlockedThreadCheckInterval(1).setBlockedThreadCheckIntervalUnit(TimeUnit.HOURS);
        return Vertx.vertx(hour);
    }

    /** Where clients find it. */
    public String url() {
        return "http://127.0.0.1:" + http.actualPort();
    }

    /**
     * A client that calls itself that; its requests are counted by this name, and made once: a refused eviction is an
     * answer, no reason to ask again.
     */
    public KubernetesClient client(String agent) {
        var config = new ConfigBuilder(Config.empty())
                .withMasterUrl(url())
                .withUserAgent(agent)
                .withRequestRetryBackoffLimit(0)
                .withNamespace("default")
                .build();
        return new KubernetesClientBuilder()
                .withHttpClientFactory(new VertxHttpClientFactory(vertxOfClients))
                .withConfig(config)
                .build();
    }

    /** What clients asked for. */
    public Traffic traffic() {
        return traffic;
    }

    /** What clients may do. */
    public Rights rights() {
        return rights;
    }

    /** What goes wrong. */
    public Defects defects() {
        return defects;
    }

    /** For controllers: without HTTP, and not counted. */
    public Access access() {
        return access;
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
        vertxOfClients.close().toCompletionStage().toCompletableFuture().join();
    }

    private void handle(HttpServerRequest request) {
        var target = Target.of(request.path(), resources);
        var agent = agent(request);
        traffic.count(agent, request.method() + " " + (target == null ? "-" : target));
        if (defects.isDown()) {
            request.connection().close();
            return;
        }
        var watch = "true".equals(request.getParam("watch")) || "1".equals(request.getParam("watch"));
        var verb = Rights.verb(request.method().name(), watch, target != null && target.name() != null);
        if (target != null && !rights.allow(agent, verb, target)) {
            refuse(request, new ApiException(403, "Forbidden", agent + " may not " + verb + " " + target));
            return;
        }
        if (watch && target != null) {
            new WatchAnswer(watches, target, request).begin();
            return;
        }
        var fate = defects.fate(agent, request.method().name());
        request.body().onSuccess(body -> {
            if (fate == Defects.Fate.REFUSED) {
                refuse(
                        request,
                        new ApiException(503, "ServiceUnavailable", "the server is currently unable to answer"));
                return;
            }
            if (fate == Defects.Fate.UNANSWERED) {
                try {
                    carryOut(request, target, body.toString());
                } catch (ApiException | IOException unheard) {
                    // Refused for a reason of its own, which the client does not hear either.
                }
                request.connection().close();
                return;
            }
            var latency = defects.latency().toMillis();
            Runnable answer = () -> answer(request, target, body.toString());
            if (latency == 0) {
                answer.run();
            } else {
                vertx.setTimer(latency, timer -> answer.run());
            }
        });
    }

    private static String agent(HttpServerRequest request) {
        var named = request.getHeader("User-Agent");
        return named == null ? "unknown" : named;
    }

    private static void refuse(HttpServerRequest request, ApiException why) {
        request.response()
                .setStatusCode(why.code())
                .putHeader("Content-Type", "application/json")
                .end(why.status().toString());
    }

    private void answer(HttpServerRequest request, @Nullable Target target, String body) {
        int code = 200;
        JsonNode answer;
        try {
            if (request.path().equals(RULES_REVIEWS)) {
                // Every account may ask for its own rights.
                answer = rights.review(agent(request), parse(body));
                code = 201;
            } else if (target == null) {
                answer = Discovery.answer(request.path(), resources.values());
            } else {
                answer = carryOut(request, target, body);
                code = request.method().name().equals("POST")
                                && answer.path("kind")
                                        .asText()
                                        .equals(target.resource().kind())
                        ? 201
                        : 200;
            }
        } catch (ApiException e) {
            code = e.code();
            answer = e.status();
        } catch (IOException | RuntimeException e) {
            code = 500;
            answer = new ApiException(500, "InternalError", e.toString()).status();
        }
        if (!request.response().closed()) {
            request.response()
                    .setStatusCode(code)
                    .putHeader("Content-Type", "application/json")
                    .end(answer.toString());
        }
    }

    private JsonNode carryOut(HttpServerRequest request, Target target, String body) throws IOException {
        if (request.getParam("dryRun") != null) {
            throw ApiException.badRequest("dryRun is not supported: send the request without it");
        }
        return switch (request.method().name()) {
            case "GET" -> target.name() == null ? list(request, target) : read(target);
            case "POST" -> post(target, parse(body));
            case "PUT" -> put(target, parse(body));
            case "PATCH" -> patch(request, target, body);
            case "DELETE" -> delete(request, target, body.isEmpty() ? ObjectApi.none() : parse(body));
            default -> throw new ApiException(405, "MethodNotAllowed", "the server does not allow this method");
        };
    }

    private static ObjectNode parse(String body) throws IOException {
        var json = body.stripLeading().startsWith("{") ? JSON.readTree(body) : YAML.readTree(body);
        if (json instanceof ObjectNode object) {
            return object;
        }
        throw ApiException.badRequest("the body of the request is no object");
    }

    private JsonNode read(Target target) {
        if (target.subresource().equals("scale")) {
            return subresources.scale(target.write());
        }
        return objects.existing(target.write());
    }

    private JsonNode list(HttpServerRequest request, Target target) {
        var which = Selector.of(request.getParam("labelSelector"), request.getParam("fieldSelector"));
        var resource = target.resource();
        var cached = "0".equals(request.getParam("resourceVersion")) && mayBeLate(request);
        var all = store.list(resource.name(), target.namespace(), which, cached);
        var next = request.getParam("continue");
        var from = next == null || next.isEmpty() ? 0 : Integer.parseInt(next);
        var limit = request.getParam("limit");
        var most = limit == null || limit.equals("0") ? Integer.MAX_VALUE : Integer.parseInt(limit);
        var list = ObjectApi.none().put("apiVersion", resource.apiVersion()).put("kind", resource.kind() + "List");
        var metadata = list.putObject("metadata").put("resourceVersion", Long.toString(all.revision()));
        var to = (int) Math.min(all.objects().size(), (long) from + most);
        if (to < all.objects().size()) {
            metadata.put("continue", Integer.toString(to))
                    .put("remainingItemCount", all.objects().size() - to);
        }
        list.putArray("items").addAll(all.objects().subList(Math.min(from, to), to));
        return list;
    }

    static boolean mayBeLate(HttpServerRequest request) {
        return !agent(request).startsWith(INSIDE);
    }

    private JsonNode post(Target target, ObjectNode body) {
        if (target.subresource().equals("eviction")) {
            return subresources.evict(target.whole(), body);
        }
        if (target.subresource().equals("binding")) {
            return subresources.bind(target.whole(), body);
        }
        if (target.resource().is("bindings")) {
            var pod = body.at("/metadata/name").asText();
            return subresources.bind(new Write(resources.get("pods"), target.space(), pod, ""), body);
        }
        if (target.name() != null) {
            throw new ApiException(405, "MethodNotAllowed", "the server does not allow this method");
        }
        return objects.create(target.resource(), target.space(), body);
    }

    private JsonNode put(Target target, ObjectNode body) {
        return target.subresource().equals("scale")
                ? subresources.rescale(target.write(), old -> body)
                : objects.replace(target.write(), body);
    }

    private JsonNode patch(HttpServerRequest request, Target target, String body) throws IOException {
        var type = request.getHeader("Content-Type");
        var kind = type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (kind.equals("application/apply-patch+yaml")) {
            if (!"true".equals(request.getParam("force"))) {
                throw ApiException.badRequest("only forced applies are implemented");
            }
            var manager = request.getParam("fieldManager");
            if (manager == null || manager.isEmpty()) {
                throw ApiException.badRequest("fieldManager is required for apply patch");
            }
            return objects.apply(target.write(), parse(body), manager);
        }
        UnaryOperator<ObjectNode> change = switch (kind) {
            case "application/json-patch+json" -> change(body, (old, patch) -> Patches.json(old, patch));
            case "application/merge-patch+json" -> change(body, (old, patch) -> Patches.merge(old, patch, false));
            case "application/strategic-merge-patch+json" -> {
                if (target.resource().schema() != null) {
                    throw unsupported(kind);
                }
                yield change(body, (old, patch) -> Patches.merge(old, patch, true));
            }
            default -> throw unsupported(kind);
        };
        return target.subresource().equals("scale")
                ? subresources.rescale(target.write(), change)
                : objects.update(target.write(), change);
    }

    private static UnaryOperator<ObjectNode> change(String body, BiFunction<ObjectNode, JsonNode, ObjectNode> how)
            throws IOException {
        var patch = JSON.readTree(body);
        return old -> how.apply(old, patch);
    }

    private static ApiException unsupported(String type) {
        return new ApiException(
                415, "UnsupportedMediaType", "the body of the request was in an unknown format: " + type);
    }

    private JsonNode delete(HttpServerRequest request, Target target, ObjectNode options) {
        for (var name : new String[] {"gracePeriodSeconds", "propagationPolicy"}) {
            var given = request.getParam(name);
            if (given != null && !options.has(name)) {
                options.set(
                        name, JSON.convertValue(given.matches("\\d+") ? Long.valueOf(given) : given, JsonNode.class));
            }
        }
        if (target.name() != null) {
            return objects.delete(target.write(), options);
        }
        var which = Selector.of(request.getParam("labelSelector"), request.getParam("fieldSelector"));
        for (var each : store.list(target.resource().name(), target.namespace(), which, false)
                .objects()) {
            var metadata = each.path("metadata");
            objects.delete(
                    new Write(
                            target.resource(),
                            metadata.path("namespace").asText(),
                            metadata.path("name").asText(),
                            ""),
                    options);
        }
        return Subresources.success();
    }
}
