package io.holdfast.server.rest;

import io.holdfast.server.audit.Operation;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What is served under {@code /v1}, read off the annotations of the resources: which path takes which method with which
 * query parameters. The gate asks it before any framework code looks at a request, so that a wrong path, method or
 * parameter is one and the same problem everywhere.
 */
final class ApiRoutes {

    private static final List<Class<?>> RESOURCES = List.of(
            SessionResource.class,
            AttachResource.class,
            GrantResource.class,
            ModeResource.class,
            TransferResource.class,
            LockResource.class,
            LimitResource.class,
            BreakResource.class,
            WhyResource.class,
            EventResource.class,
            ClusterResource.class,
            BackupResource.class,
            SnapshotResource.class,
            MemberResource.class,
            LeaderResource.class,
            AclResource.class,
            AclPolicyResource.class,
            AclBindingResource.class,
            AclLimitResource.class,
            AclKeyResource.class,
            WhoamiResource.class);
    private static final String LOCKS = "/v1/locks/";

    /** Stands between the name of a lock, which has slashes too, and what is beneath it. */
    private static final String BENEATH = "/-/";

    /**
     * One method of a path.
     *
     * @param query names of its query parameters
     * @param body whether it takes a body
     * @param operation what it is for
     */
    record Call(Set<String> query, boolean body, Operation operation) {}

    /**
     * One path with all it takes.
     *
     * @param template as annotated
     * @param literal with which each of its paths begins: most routes are ruled out by it alone
     * @param regex matches the whole path
     * @param methods what each takes, {@code GET} standing for {@code HEAD} too
     */
    record Route(String template, String literal, Pattern regex, Map<String, Call> methods) {

        private boolean matches(String path) {
            return path.startsWith(literal) && regex.matcher(path).matches();
        }

        /** Returns the value of an {@code Allow} header. */
        String allow() {
            Set<String> all = new TreeSet<>(methods.keySet());
            all.add("OPTIONS");
            if (all.contains("GET")) {
                all.add("HEAD");
            }
            return String.join(", ", all);
        }

        /** Returns what a method takes, or nothing when the path does not take the method. */
        Optional<Call> call(String method) {
            return Optional.ofNullable(methods.get(method.equals("HEAD") ? "GET" : method));
        }

        /** Returns what a method is for. */
        Operation operation(String method) {
            return call(method).map(Call::operation).orElse(Operation.NONE);
        }
    }

    private final List<Route> routes;

    ApiRoutes() {
        Map<String, Map<String, Call>> methods = new TreeMap<>();
        for (Class<?> resource : RESOURCES) {
            for (Method method : resource.getDeclaredMethods()) {
                verb(method)
                        .ifPresent(verb -> methods.computeIfAbsent(
                                        path(resource) + path(method), template -> new TreeMap<>())
                                .put(
                                        verb,
                                        new Call(
                                                query(method),
                                                method.isAnnotationPresent(Consumes.class),
                                                operation(method))));
            }
        }
        List<Route> found = new ArrayList<>();
        methods.forEach((template, takes) -> found.add(new Route(template, literal(template), regex(template), takes)));
        // The most literal template wins, as in Jakarta REST.
        found.sort(Comparator.comparingInt((Route route) ->
                        route.template().replaceAll("\\{[^}]*}", "").length())
                .reversed());
        routes = List.copyOf(found);
    }

    /** Returns what a normalized, still encoded path stands for. */
    Optional<Route> match(String path) {
        boolean beneath = path.startsWith(LOCKS) && path.indexOf(BENEATH, LOCKS.length() + 1) >= 0;
        for (Route route : routes) {
            if ((!beneath || route.template().contains(BENEATH)) && route.matches(path)) {
                return Optional.of(route);
            }
        }
        return Optional.empty();
    }

    List<Route> all() {
        return routes;
    }

    private static Optional<String> verb(Method method) {
        for (Annotation annotation : method.getAnnotations()) {
            HttpMethod verb = annotation.annotationType().getAnnotation(HttpMethod.class);
            if (verb != null) {
                return Optional.of(verb.value());
            }
        }
        return Optional.empty();
    }

    private static Operation operation(Method method) {
        var described = method.getAnnotation(org.eclipse.microprofile.openapi.annotations.Operation.class);
        return described == null ? Operation.NONE : Operation.of(described.operationId());
    }

    private static String path(AnnotatedElement element) {
        Path path = element.getAnnotation(Path.class);
        return path == null ? "" : "/" + path.value().replaceAll("^/|/$", "");
    }

    private static Set<String> query(Method method) {
        Set<String> names = new TreeSet<>();
        for (Parameter parameter : method.getParameters()) {
            add(parameter, names);
            if (parameter.isAnnotationPresent(BeanParam.class)) {
                for (var component : parameter.getType().getDeclaredFields()) {
                    add(component, names);
                }
            }
        }
        return names;
    }

    private static void add(AnnotatedElement element, Set<String> names) {
        QueryParam named = element.getAnnotation(QueryParam.class);
        if (named != null) {
            names.add(named.value());
        }
    }

    private static String literal(String template) {
        int open = template.indexOf('{');
        return open < 0 ? template : template.substring(0, open);
    }

    private static Pattern regex(String template) {
        StringBuilder regex = new StringBuilder();
        int from = 0;
        for (int open = template.indexOf('{'); open >= 0; open = template.indexOf('{', from)) {
            int close = template.indexOf('}', open);
            regex.append(Pattern.quote(template.substring(from, open)));
            regex.append(template.substring(open, close).contains(":") ? ".+" : "[^/]+");
            from = close + 1;
        }
        return Pattern.compile(
                regex.append(Pattern.quote(template.substring(from))).toString());
    }
}
