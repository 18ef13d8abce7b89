package io.holdfast.operator.manifests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelRuntimeFactory;
import io.holdfast.operator.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** All of k8s/: that each object is one that Kubernetes knows, and that the pieces fit together. */
class ManifestsTest {

    private static final Models MODELS = new Models();
    private static final Path K8S = Repository.file("k8s");

    private static List<Path> files(String name) throws IOException {
        try (Stream<Path> files = Files.walk(K8S)) {
            return files.filter(file -> file.getFileName().toString().matches(name))
                    .sorted()
                    .toList();
        }
    }

    static Stream<String> folders() throws IOException {
        return files("kustomization\\.yaml").stream()
                .filter(file -> !isComponent(file))
                .map(file -> K8S.relativize(file.getParent()).toString());
    }

    private static boolean isComponent(Path kustomization) {
        return kustomization.startsWith(K8S.resolve("components"));
    }

    @Test
    void everyObjectOfEveryFileIsOneThatKubernetesKnows() throws IOException {
        List<String> wrong = new ArrayList<>();
        List<Path> files = files(".*\\.yaml");
        assertTrue(files.size() >= 30, files.toString());
        for (Path file : files) {
            for (JsonNode object : Repository.documents(file)) {
                MODELS.problem(object)
                        .ifPresent(problem -> wrong.add(K8S.relativize(file) + ", " + name(object) + ": " + problem));
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void everyFileIsNamedByItsKustomization() throws IOException {
        for (Path file : files("kustomization\\.yaml")) {
            String text = Files.readString(file);
            try (Stream<Path> others = Files.list(file.getParent())) {
                others.filter(Files::isRegularFile)
                        .map(other -> other.getFileName().toString())
                        .filter(other -> !other.equals("kustomization.yaml") && !other.endsWith(".md"))
                        .forEach(other -> assertTrue(text.contains("- " + other), file + " does not name " + other));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("folders")
    void everyFolderIsPutTogether(String folder) throws Exception {
        if (Kustomize.isThere()) {
            check(Kustomize.render(K8S.resolve(folder)));
        }
    }

    @Test
    void theComponentsFitOnTheOverlays(@TempDir Path directory) throws Exception {
        if (!Kustomize.isThere()) {
            return;
        }
        String all = rendered(
                directory,
                "overlays/cluster-wide",
                List.of("injector", "confirmed-death", "monitoring", "network-policy", "warn-even-voters"));
        List<JsonNode> objects = check(all);
        for (JsonNode object : objects) {
            String namespace = object.at("/metadata/namespace").asText();
            assertTrue(namespace.isEmpty() || namespace.equals("holdfast-system"), name(object));
        }
        JsonNode hook = one(objects, "MutatingWebhookConfiguration", "holdfast-injector")
                .at("/webhooks/0");
        assertEquals(
                "holdfast-system", hook.at("/clientConfig/service/namespace").asText());
        assertTrue(rule(one(objects, "ClusterRole", "holdfast-operator"), "servicemonitors")
                        .size()
                > 0);
        List<JsonNode> certificates =
                check(rendered(directory, "overlays/cluster-wide", List.of("injector", "cert-manager")));
        JsonNode pod = one(certificates, "Deployment", "holdfast-injector").at("/spec/template/spec");
        assertEquals("mounted", variable(pod.at("/containers/0"), "HOLDFAST_INJECTOR_CERTIFICATE"));
        assertTrue(pod.path("volumes").toString().contains("holdfast-injector-cert-manager"), pod.toString());
        assertFalse(pod.path("volumes").toString().contains("Memory"), pod.toString());
        assertTrue(certificates.stream()
                .noneMatch(object -> object.path("kind").asText().equals("Role")
                        && object.at("/metadata/name").asText().equals("holdfast-injector")));
        for (String name : List.of("holdfast-injector-authority", "holdfast-injector")) {
            JsonNode certificate = one(certificates, "Certificate", name).path("spec");
            assertFalse(certificate.path("commonName").asText().isEmpty(), "Java wants an issuer with a name: " + name);
        }
        check(rendered(directory, "overlays/namespaced", List.of("monitoring", "warn-even-voters", "tls")));
    }

    private static String rendered(Path directory, String overlay, List<String> components) throws Exception {
        Path folder = Files.createDirectories(directory.toRealPath().resolve("k"));
        StringBuilder text = new StringBuilder("apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n");
        text.append("resources:\n  - ")
                .append(folder.relativize(K8S.resolve(overlay)))
                .append("\ncomponents:\n");
        components.forEach(component -> text.append("  - ")
                .append(folder.relativize(K8S.resolve("components").resolve(component)))
                .append('\n'));
        if (overlay.equals("overlays/cluster-wide")) {
            text.append("namespace: holdfast-system\n");
        }
        Files.writeString(folder.resolve("kustomization.yaml"), text);
        return Kustomize.render(folder);
    }

    private static List<JsonNode> check(String rendered) throws IOException {
        List<JsonNode> objects = Repository.documents(rendered);
        assertFalse(objects.isEmpty());
        for (JsonNode object : objects) {
            assertEquals("", MODELS.problem(object).orElse(""), name(object));
        }
        return objects;
    }

    @Test
    void everyContainerOfOursIsRestrictedAndBounded() throws IOException {
        int seen = 0;
        for (Path file : files("deployment\\.yaml")) {
            JsonNode deployment = Repository.documents(file).get(0);
            JsonNode pod = deployment.at("/spec/template/spec");
            for (JsonNode container : pod.path("containers")) {
                if (container.path("image").asText().startsWith("holdfast-operator:")) {
                    seen++;
                    assertTrue(container
                            .at("/securityContext/readOnlyRootFilesystem")
                            .asBoolean());
                    assertFalse(container
                            .at("/securityContext/allowPrivilegeEscalation")
                            .asBoolean(true));
                    assertEquals(
                            "[\"ALL\"]",
                            container.at("/securityContext/capabilities/drop").toString());
                    assertTrue(pod.at("/securityContext/runAsNonRoot").asBoolean());
                    assertFalse(
                            container.at("/resources/limits/memory").asText().isEmpty());
                    for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
                        assertTrue(container
                                .at("/" + probe + "/httpGet/path")
                                .asText()
                                .startsWith("/q/health/"));
                    }
                    Role.of(variable(container, "HOLDFAST_OPERATOR_ROLE"));
                    assertEquals(deployment.at("/metadata/name"), pod.path("serviceAccountName"), file.toString());
                }
            }
        }
        assertEquals(3, seen, "operator, injector, confirmed death");
    }

    @Test
    void theWebhookAsksForPodsThatAskAndStopsNothing() throws IOException {
        JsonNode hook = Repository.documents(K8S.resolve("components/injector/webhook.yaml"))
                .get(0)
                .at("/webhooks/0");
        assertEquals("Ignore", hook.path("failurePolicy").asText());
        assertEquals("None", hook.path("sideEffects").asText());
        assertEquals(2, hook.path("timeoutSeconds").asInt());
        assertEquals("[\"CREATE\"]", hook.at("/rules/0/operations").toString());
        assertEquals("[\"pods\"]", hook.at("/rules/0/resources").toString());
        assertTrue(hook.at("/matchConditions/0/expression").asText().contains("'holdfast.dev/elect' in"));
        String selector = hook.at("/namespaceSelector/matchExpressions/0").toString();
        assertTrue(selector.contains("kube-system") && selector.contains("holdfast-system"), selector);
        assertEquals("/inject", hook.at("/clientConfig/service/path").asText());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{metadata: {annotations: {holdfast.dev/elect: a}}} | true",
                "{metadata: {annotations: {other: a}}} | false",
                "{metadata: {name: web}} | false",
            })
    void theWebhookIsCalledForPodsThatAskOnly(String pod, boolean called) throws Exception {
        JsonNode hook = Repository.documents(K8S.resolve("components/injector/webhook.yaml"))
                .get(0)
                .at("/webhooks/0");
        assertEquals(called, evaluate(hook.at("/matchConditions/0/expression").asText(), pod));
    }

    @Test
    void evenVotersAreWarnedOf() throws Exception {
        JsonNode rule = Repository.documents(K8S.resolve("components/warn-even-voters/policy.yaml"))
                .get(0)
                .at("/spec/validations/0");
        String expression = rule.path("expression").asText();
        assertEquals(true, evaluate(expression, "{spec: {voters: 3}}"));
        assertEquals(true, evaluate(expression, "{spec: {}}"));
        assertEquals(false, evaluate(expression, "{spec: {voters: 4}}"));
        assertEquals(
                "4 voters survive as many losses as 3 voters, and need a larger quorum: set spec.voters to an odd"
                        + " number",
                evaluate(rule.path("messageExpression").asText(), "{spec: {voters: 4}}"));
    }

    private static Object evaluate(String expression, String object) throws Exception {
        var compiler = CelCompilerFactory.standardCelCompilerBuilder()
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addVar("object", SimpleType.DYN)
                .build();
        var program = CelRuntimeFactory.standardCelRuntimeBuilder()
                .build()
                .createProgram(compiler.compile(expression).getAst());
        Object value = new YAMLMapper()
                .enable(DeserializationFeature.USE_LONG_FOR_INTS)
                .readValue(object, Object.class);
        return program.eval(Map.of("object", value));
    }

    @Test
    void bothRolesOfTheOperatorGiveTheSame() throws IOException {
        JsonNode namespaced =
                Repository.documents(K8S.resolve("rbac/namespaced/role.yaml")).get(0);
        JsonNode cluster =
                Repository.documents(K8S.resolve("rbac/cluster/role.yaml")).get(0);
        assertEquals(rights(namespaced), rights(cluster));
        for (Set<String> verbs : rights(cluster).values()) {
            assertFalse(verbs.contains("*"));
        }
        assertEquals(Set.of("get", "list", "watch"), rights(cluster).get("/pods"), "pods are evicted");
        assertFalse(rights(cluster).containsKey("/secrets"));
    }

    @Test
    void secretsAreReadWithTheComponentOnly() throws IOException {
        String component = Files.readString(K8S.resolve("components/tls/kustomization.yaml"));
        assertTrue(component.contains("resources: [\"secrets\"]"));
        assertTrue(component.contains("verbs: [\"get\", \"create\", \"patch\"]"));
        JsonNode pod = Repository.documents(K8S.resolve("operator/deployment.yaml"))
                .get(0)
                .at("/spec/template/spec");
        assertTrue(pod.path("volumes").toString().contains("\"audience\":\"holdfast\""), pod.toString());
    }

    @Test
    void usersOfANamespaceHaveTheKindsWithTheirRolesButNotTheStatus() throws IOException {
        List<JsonNode> roles = Repository.documents(K8S.resolve("rbac/users/roles.yaml"));
        Set<String> kinds = new TreeSet<>();
        for (Path file : files("holdfast\\.dev_.*\\.yaml")) {
            kinds.add("holdfast.dev/"
                    + Repository.documents(file).get(0).at("/spec/names/plural").asText());
        }
        assertEquals(5, kinds.size());
        JsonNode view = one(roles, "ClusterRole", "holdfast-view");
        JsonNode edit = one(roles, "ClusterRole", "holdfast-edit");
        for (String kind : kinds) {
            assertEquals(Set.of("get", "list", "watch"), rights(view).get(kind));
            assertEquals(
                    Set.of("create", "update", "patch", "delete", "deletecollection"),
                    rights(edit).get(kind));
            assertEquals(Set.of("get"), rights(view).get(kind + "/status"));
        }
        assertEquals(
                Set.of("update", "patch"),
                rights(edit).remove("holdfast.dev/lockobservers/scale"),
                "for kubectl scale");
        kinds.add("holdfast.dev/lockobservers/scale");
        assertEquals(kinds, rights(edit).keySet(), "the status is the operator's");
        assertEquals(List.of("admin", "edit", "view"), aggregatesTo(view));
        assertEquals(List.of("admin", "edit"), aggregatesTo(edit));
        for (String overlay : List.of("cluster-wide", "namespaced")) {
            assertTrue(Files.readString(K8S.resolve("overlays/" + overlay + "/kustomization.yaml"))
                    .contains("- ../../rbac/users\n"));
        }
    }

    private static List<String> aggregatesTo(JsonNode role) {
        return Stream.of("admin", "edit", "view")
                .filter(to -> role.path("metadata")
                        .path("labels")
                        .path("rbac.authorization.k8s.io/aggregate-to-" + to)
                        .asText()
                        .equals("true"))
                .toList();
    }

    @Test
    void theAlertsAskForMetricsThatThePageNames() throws IOException {
        Set<String> named = new TreeSet<>();
        MetricsPage.named().forEach(metric -> named.add(metric.substring(0, metric.indexOf('['))));
        Set<String> asked = new TreeSet<>();
        JsonNode rules = Repository.documents(K8S.resolve("components/monitoring/alerts.yaml"))
                .get(0)
                .at("/spec/groups/0/rules");
        for (JsonNode rule : rules) {
            Matcher metric =
                    Pattern.compile("holdfast_\\w+").matcher(rule.path("expr").asText());
            assertTrue(metric.find(), rule.toString());
            do {
                asked.add(metric.group());
            } while (metric.find());
        }
        assertEquals(6, rules.size());
        assertTrue(asked.size() >= 5 && named.containsAll(asked), asked.toString());
        assertTrue(
                rules.at("/0/expr")
                        .asText()
                        .contains("and max by (namespace, cluster) (holdfast_operator_initialized)"),
                "a cluster that is founded has no quorum to miss");
    }

    private static TreeMap<String, Set<String>> rights(JsonNode role) {
        TreeMap<String, Set<String>> rights = new TreeMap<>();
        for (JsonNode rule : role.path("rules")) {
            for (JsonNode group : rule.path("apiGroups")) {
                for (JsonNode resource : rule.path("resources")) {
                    Set<String> verbs =
                            rights.computeIfAbsent(group.asText() + "/" + resource.asText(), key -> new TreeSet<>());
                    rule.path("verbs").forEach(verb -> verbs.add(verb.asText()));
                }
            }
        }
        return rights;
    }

    private static List<String> rule(JsonNode role, String resource) {
        List<String> verbs = new ArrayList<>();
        for (JsonNode rule : role.path("rules")) {
            if (rule.path("resources").toString().contains('"' + resource + '"')) {
                rule.path("verbs").forEach(verb -> verbs.add(verb.asText()));
            }
        }
        return verbs;
    }

    private static JsonNode one(List<JsonNode> objects, String kind, String name) {
        return objects.stream()
                .filter(object -> object.path("kind").asText().equals(kind)
                        && object.at("/metadata/name").asText().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("there is no " + kind + " " + name));
    }

    private static String variable(JsonNode container, String name) {
        for (JsonNode variable : container.path("env")) {
            if (variable.path("name").asText().equals(name)) {
                return variable.path("value").asText();
            }
        }
        return "";
    }

    private static String name(JsonNode object) {
        return object.path("kind").asText() + " " + object.at("/metadata/name").asText();
    }
}
