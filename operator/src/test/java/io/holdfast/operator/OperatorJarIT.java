package io.holdfast.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.holdfast.ensemble.Eventually;
import io.holdfast.ensemble.NodeProcess;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.paper.OperatorRights;
import io.holdfast.operator.paper.api.ApiServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The packaged application in each of its roles, with the variables and the rights that {@code k8s} gives it. */
@Timeout(300)
class OperatorJarIT {

    private static final Path JAR = Path.of("target/holdfast-operator.jar");
    private static final String SYSTEM = "holdfast-system";
    private static final String LEASE = "holdfast-operator";
    private static final Duration BOUND = Duration.ofMinutes(2);

    /** The grace of a pod. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    /** The lease of an operator that was killed, and some attempts to take it on a machine that is busy. */
    private static final Duration TAKEN_OVER = Duration.ofSeconds(45);

    private static final Pattern LISTENING = Pattern.compile("Listening on: http://[^:]+:(\\d+)");

    @TempDir
    private Path directory;

    private final ApiServer server = ApiServer.start();
    private final KubernetesClient admin = server.client("admin");
    private final List<NodeProcess> processes = new ArrayList<>();

    @BeforeEach
    void definitions() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("../k8s/crds"))) {
            for (Path file : files.filter(each -> each.getFileName().toString().startsWith("holdfast.dev_"))
                    .toList()) {
                load(file);
            }
        }
        for (String name : List.of(SYSTEM, "shop")) {
            admin.resource(new NamespaceBuilder()
                            .withNewMetadata()
                            .withName(name)
                            .endMetadata()
                            .build())
                    .create();
        }
    }

    private void load(Path file) throws IOException {
        try (InputStream text = Files.newInputStream(file)) {
            admin.load(text).create();
        }
    }

    @AfterEach
    void stop() {
        processes.forEach(NodeProcess::close);
        admin.close();
        server.close();
    }

    @Test
    void oneOfTwoOperatorsWorksAndTheOtherTakesOver() throws Exception {
        NodeProcess first = operator("first");
        await("the first one leads", () -> leader().equals("first"));
        NodeProcess second = operator("second");
        awaitReady(first);
        awaitReady(second);
        create("orders");
        await("voter 1 is begun", () -> isBegun("orders"));
        assertEquals(0, server.traffic().by("second", "POST statefulsets"));

        assertEquals(143, stopped(first));
        assertNotEquals("first", leader(), "the lease is given up");
        await("the second one leads", () -> leader().equals("second"));
        create("bills");
        await("its first voter is begun", () -> isBegun("bills"));

        NodeProcess third = operator("third");
        awaitReady(third);
        second.kill();
        Eventually.await("the third one leads", TAKEN_OVER, () -> leader().equals("third"));
        admin.resources(LockCluster.class)
                .inNamespace("shop")
                .withName("orders")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\": {\"networkPolicy\": {\"enabled\": true}}}");
        await(
                "it goes on with what others began",
                () -> admin.network()
                                .v1()
                                .networkPolicies()
                                .inNamespace("shop")
                                .withName("orders")
                                .get()
                        != null);

        for (String made : List.of("statefulsets", "persistentvolumeclaims", "configmaps")) {
            assertEquals(2, madeBy("first", made) + madeBy("second", made) + madeBy("third", made), made);
        }
        assertEquals(List.of(), server.rights().refused(), "what the operator's roles lack");
        assertEquals(143, stopped(third));
        assertEquals("", leader(), "the lease is given up");
    }

    @Test
    void theInjectorAndTheConfirmedDeathStartAndEnd() throws Exception {
        webhook();
        for (var role : OperatorRights.roles("components/injector/rights.yaml")) {
            grant("injector", role.path("kind").asText().equals("Role") ? SYSTEM : null, role);
        }
        for (var role : OperatorRights.roles("components/confirmed-death/rights.yaml")) {
            grant("confirmed-death", null, role);
        }
        NodeProcess injector = process(
                "injector",
                Map.of(
                        "HOLDFAST_OPERATOR_ROLE", "injector",
                        "HOLDFAST_INJECTOR_SIDECAR_IMAGE", "holdfast-sidecar:0.1.0",
                        "HOLDFAST_INJECTOR_CERTIFICATE", "self-made",
                        "QUARKUS_HTTP_SSL_CERTIFICATE_FILES",
                                directory.resolve("tls.crt").toString(),
                        "QUARKUS_HTTP_SSL_CERTIFICATE_KEY_FILES",
                                directory.resolve("tls.key").toString(),
                        "QUARKUS_HTTP_SSL_CERTIFICATE_RELOAD_PERIOD", "1m",
                        "QUARKUS_HTTP_SSL_PORT", "0"));
        NodeProcess death = process("confirmed-death", Map.of("HOLDFAST_OPERATOR_ROLE", "confirmed-death"));
        awaitReady(injector);
        awaitReady(death);
        assertTrue(!Objects.toString(caBundle(), "").isEmpty(), "the webhook knows the certificate");
        assertEquals(143, stopped(injector));
        assertEquals(143, stopped(death));
        assertEquals(List.of(), server.rights().refused(), "what the roles lack");
    }

    @Test
    void aWrongSettingIsNamedInOneLine() throws Exception {
        NodeProcess role = process("wrong-role", Map.of("HOLDFAST_OPERATOR_ROLE", "operater"));
        NodeProcess image = process("no-image", Map.of("HOLDFAST_OPERATOR_ROLE", "injector"));
        NodeProcess interval = process("wrong-interval", Map.of("HOLDFAST_OPERATOR_LOOK_CONVERGED", "soon"));
        refuses(role, "holdfast.operator.role: set it to operator, injector, confirmed-death, not to \"operater\"");
        refuses(image, "holdfast.injector.sidecar-image is missing");
        refuses(interval, "holdfast.operator.look.converged");
    }

    private static void refuses(NodeProcess process, String words) throws Exception {
        assertEquals(64, process.awaitExit(BOUND), process.log());
        List<String> lines =
                process.log().lines().filter(line -> !line.contains(" INFO ")).toList();
        assertEquals(1, lines.size(), process.log());
        assertTrue(lines.get(0).contains(words), process.log());
    }

    private NodeProcess operator(String name) throws IOException {
        OperatorRights.ofAllNamespaces().forEach(role -> grant(name, null, role));
        OperatorRights.roles("operator/election.yaml").forEach(role -> grant(name, SYSTEM, role));
        return process(name, Map.of("HOLDFAST_OPERATOR_ROLE", "operator"));
    }

    private void grant(
            String agent,
            @org.jspecify.annotations.Nullable String namespace,
            com.fasterxml.jackson.databind.JsonNode role) {
        server.rights().grant(agent, namespace, role);
    }

    private NodeProcess process(String name, Map<String, String> environment) throws IOException {
        List<String> command = new ArrayList<>(List.of("env", "-u", "KUBECONFIG"));
        environment.forEach((variable, value) -> command.add(variable + "=" + value));
        command.addAll(List.of(
                "HOSTNAME=" + name,
                "POD_NAME=" + name,
                "POD_NAMESPACE=" + SYSTEM,
                "QUARKUS_HTTP_HOST=127.0.0.1",
                "QUARKUS_HTTP_PORT=0",
                "QUARKUS_KUBERNETES_CLIENT_API_SERVER_URL=" + server.url(),
                "QUARKUS_KUBERNETES_CLIENT_NAMESPACE=" + SYSTEM,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "-Dkubernetes.user.agent=" + name,
                "-jar",
                JAR.toString()));
        NodeProcess process = new NodeProcess(name, command, directory);
        processes.add(process);
        process.start();
        return process;
    }

    private static void awaitReady(NodeProcess process) throws TimeoutException {
        Eventually.await("ready", BOUND, () -> {
            try {
                var port = LISTENING.matcher(process.log());
                return port.find() && OperatorJarIT.answers(Integer.parseInt(port.group(1)));
            } catch (IOException e) {
                return false;
            }
        });
    }

    private static boolean answers(int port) throws IOException {
        var connection = (java.net.HttpURLConnection) java.net
                .URI
                .create("http://127.0.0.1:" + port + "/q/health/ready")
                .toURL()
                .openConnection();
        try {
            return connection.getResponseCode() == 200;
        } finally {
            connection.disconnect();
        }
    }

    private static int stopped(NodeProcess process) throws TimeoutException {
        process.terminate();
        return process.awaitExit(GRACE);
    }

    private String leader() {
        var lease = admin.leases().inNamespace(SYSTEM).withName(LEASE).get();
        return lease == null ? "" : Objects.toString(lease.getSpec().getHolderIdentity(), "");
    }

    private void create(String name) {
        admin.resource(admin.getKubernetesSerialization().unmarshal("""
                        apiVersion: holdfast.dev/v1alpha1
                        kind: LockCluster
                        metadata: {name: %s, namespace: shop}
                        spec: {voters: 3, image: "holdfast:1", storage: {size: 1Gi}}
                        """.formatted(name), LockCluster.class))
                .create();
    }

    private boolean isBegun(String name) {
        return admin.apps()
                        .statefulSets()
                        .inNamespace("shop")
                        .withName(name + "-voter-1")
                        .get()
                != null;
    }

    private long madeBy(String agent, String resource) {
        return server.traffic().by(agent, "POST " + resource);
    }

    private void webhook() throws IOException {
        load(Path.of("../k8s/components/injector/webhook.yaml"));
    }

    private String caBundle() {
        HasMetadata webhook = admin.admissionRegistration()
                .v1()
                .mutatingWebhookConfigurations()
                .withName("holdfast-injector")
                .get();
        return admin.getKubernetesSerialization()
                .convertValue(webhook, com.fasterxml.jackson.databind.JsonNode.class)
                .at("/webhooks/0/clientConfig/caBundle")
                .asText();
    }

    private void await(String what, BooleanSupplier condition) throws Exception {
        try {
            Eventually.await(what, BOUND, condition);
        } catch (TimeoutException e) {
            StringBuilder logs = new StringBuilder(e.getMessage());
            for (NodeProcess process : processes) {
                logs.append('\n').append(process.log());
            }
            throw new TimeoutException(logs.toString());
        }
    }
}
