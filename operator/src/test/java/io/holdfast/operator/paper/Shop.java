package io.holdfast.operator.paper;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.holdfast.ensemble.Eventually;
import io.holdfast.operator.cluster.InProcessOperator;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.crd.v1alpha1.LockClusterStatus;
import io.holdfast.operator.crd.v1alpha1.LockObservers;
import io.holdfast.operator.crd.v1alpha1.MemberStatus;
import io.holdfast.operator.desired.SecretObject;
import io.holdfast.operator.paper.api.Setup;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A namespace with the cluster {@code orders} and its observers {@code readers}, as an admin sees and changes them. */
final class Shop implements AutoCloseable {

    static final String NAMESPACE = "shop";
    static final String OPERATOR = "operator";
    static final Duration BOUND = Duration.ofMinutes(4);

    private static final Path DEFINITIONS = Path.of("../k8s/crds");

    /** Intervals as short as they may be: a scenario is no place to wait for the next look. */
    private static final Map<String, String> SETTINGS = Map.of(
            "holdfast.operator.look.progressing", "500ms",
            "holdfast.operator.look.converged", "2s",
            "holdfast.operator.look.after-action", "50ms",
            "holdfast.operator.look.back-off-max", "1s");

    /** The operator always has one, as where it is deployed, also for clusters that check none. */
    private static final String TOKEN = "eyJhbGciOiJub25lIn0.e30.x";

    private final TestCluster cluster;
    private final KubernetesClient client;
    private final KubernetesClient operators;
    private final Path tokenFile;
    private @Nullable InProcessOperator operator;
    private long earlierActions;

    Shop(TestCluster cluster) throws IOException {
        this.cluster = cluster;
        this.tokenFile = Files.writeString(Files.createTempFile("operator", ".token"), TOKEN);
        tokenFile.toFile().deleteOnExit();
        this.client = cluster.client("test");
        this.operators = cluster.client(OPERATOR);
        try (var files = Files.list(DEFINITIONS)) {
            for (var file : files.filter(each -> each.getFileName().toString().startsWith("holdfast.dev_"))
                    .toList()) {
                apply(file);
            }
        }
        Setup.namespace(client, NAMESPACE);
        cluster.paper().ifPresent(paper -> {
            for (var role : OperatorRights.ofAllNamespaces()) {
                paper.rights().grant(OPERATOR, null, role);
            }
            paper.rights().grant(OPERATOR, null, OperatorRights.ofSecrets());
        });
    }

    private void apply(Path file) throws IOException {
        try (InputStream text = Files.newInputStream(file)) {
            client.load(text)
                    .items()
                    .forEach(each -> client.resource(each).forceConflicts().serverSideApply());
        }
    }

    /** Starts the operator, again if it was stopped. */
    void startOperator() {
        var settings = new HashMap<>(SETTINGS);
        settings.put("holdfast.operator.service.token-file", tokenFile.toString());
        operator = new InProcessOperator(operators, settings);
    }

    /** Ends the operator wherever it is. */
    void stopOperator() {
        var running = operator;
        if (running != null) {
            earlierActions += running.actions();
            running.close();
            operator = null;
        }
    }

    long actions() {
        var running = operator;
        return earlierActions + (running == null ? 0 : running.actions());
    }

    /** Requests of the operator, 0 where a real API server does not count them. */
    long requests() {
        return cluster.paper().map(paper -> paper.traffic().by(OPERATOR)).orElse(0L);
    }

    long writes() {
        return cluster.paper().map(paper -> paper.traffic().writesBy(OPERATOR)).orElse(0L);
    }

    /** What the operator was refused, as no rule of its role allows it. */
    List<String> refused() {
        return cluster.paper().map(paper -> paper.rights().refused()).orElse(List.of());
    }

    KubernetesClient client() {
        return client;
    }

    void create(Class<? extends HasMetadata> type, String yaml) {
        client.resource(Serialization.unmarshal(yaml, type))
                .inNamespace(NAMESPACE)
                .create();
    }

    /** Merges this JSON into the object. */
    void change(String json) {
        orders().patch(PatchContext.of(PatchType.JSON_MERGE), json);
    }

    Resource<LockCluster> orders() {
        return client.resources(LockCluster.class).inNamespace(NAMESPACE).withName("orders");
    }

    Resource<LockObservers> readers() {
        return client.resources(LockObservers.class).inNamespace(NAMESPACE).withName("readers");
    }

    List<Pod> pods() {
        return client.pods().inNamespace(NAMESPACE).list().getItems();
    }

    Pod pod(String name) {
        return client.pods().inNamespace(NAMESPACE).withName(name).require();
    }

    /** Empty when there is no such pod. */
    String uid(String pod) {
        var there = client.pods().inNamespace(NAMESPACE).withName(pod).get();
        return there == null ? "" : there.getMetadata().getUid();
    }

    PersistentVolumeClaim claim(int voter) {
        return client.persistentVolumeClaims()
                .inNamespace(NAMESPACE)
                .withName("orders-voter-" + voter)
                .require();
    }

    /** Empty when the voter has no claim. */
    String claimUid(int voter) {
        var claim = client.persistentVolumeClaims()
                .inNamespace(NAMESPACE)
                .withName("orders-voter-" + voter)
                .get();
        return claim == null ? "" : claim.getMetadata().getUid();
    }

    /** The certificates of authorities that voters are to trust now. */
    Set<String> trusted() {
        var secret = client.secrets()
                .inNamespace(NAMESPACE)
                .withName("orders-voters-tls")
                .require();
        var text = SecretObject.files(secret).getOrDefault("ca.crt", "");
        return Arrays.stream(text.split("(?<=-----END CERTIFICATE-----\n)"))
                .filter(each -> !each.isBlank())
                .collect(Collectors.toSet());
    }

    static String voter(int id) {
        return "orders-voter-" + id + "-0";
    }

    /** Ids of voters, as the cluster's status has them. */
    TreeSet<Integer> voters() {
        return members("voter");
    }

    TreeSet<Integer> members(String role) {
        var status = orders().require().getStatus();
        return status == null ? new TreeSet<>() : members(status, role);
    }

    private static TreeSet<Integer> members(LockClusterStatus status, String role) {
        return status.members().stream()
                .filter(member -> role.equalsIgnoreCase(String.valueOf(member.role())))
                .map(MemberStatus::id)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The disk of a member, as the service tells it. */
    String disk(int id) {
        return orders().require().getStatus().members().stream()
                .filter(member -> member.id() == id)
                .map(member -> String.valueOf(member.disk()))
                .findFirst()
                .orElse("");
    }

    int leader() {
        var leader = orders().require().getStatus().leader();
        return leader == null ? 0 : leader;
    }

    /** Reason of a condition, with {@code !} before it when the condition is not True. */
    String condition(String type) {
        var object = orders().get();
        return object == null || object.getStatus() == null ? "" : condition(object.getStatus(), type);
    }

    private static String condition(LockClusterStatus status, String type) {
        return status.conditions().stream()
                .filter(each -> each.getType().equals(type))
                .map(each -> (each.getStatus().equals("True") ? "" : "!") + each.getReason())
                .findFirst()
                .orElse("");
    }

    /** Message of a condition; empty when there is none. */
    String message(String type) {
        var object = orders().get();
        return object == null || object.getStatus() == null
                ? ""
                : object.getStatus().conditions().stream()
                        .filter(each -> each.getType().equals(type))
                        .map(Condition::getMessage)
                        .findFirst()
                        .orElse("");
    }

    /** The status says that the quorum was lost at that time: minutes pass without a scenario that waits for them. */
    void lostSince(Instant when) {
        orders().editStatus(cluster -> {
            cluster.getStatus().conditions().stream()
                    .filter(each -> each.getType().equals("Quorate"))
                    .forEach(each -> each.setLastTransitionTime(
                            when.truncatedTo(ChronoUnit.SECONDS).toString()));
            return cluster;
        });
    }

    /** Whether all is as the specifications of this moment want it, and the status says so. */
    boolean isConverged(int voters, int observers) {
        var object = orders().require();
        var status = object.getStatus();
        if (status == null
                || !object.getMetadata().getGeneration().equals(status.observedGeneration())
                || !condition(status, "Progressing").equals("!Converged")
                || members(status, "voter").size() != voters
                || members(status, "observer").size() != observers) {
            return false;
        }
        var pods = pods();
        return pods.stream().allMatch(Shop::isReady) && pods.size() == voters + observers;
    }

    void awaitConverged(int voters, int observers) throws TimeoutException, IOException {
        await(voters + " voters and " + observers + " observers", () -> isConverged(voters, observers));
    }

    void await(String what, BooleanSupplier condition) throws TimeoutException, IOException {
        try {
            Eventually.await(what, BOUND, () -> {
                try {
                    return condition.getAsBoolean();
                } catch (KubernetesClientException e) {
                    return false;
                }
            });
        } catch (TimeoutException e) {
            throw new TimeoutException(e.getMessage() + "\n" + describe());
        }
    }

    private String describe() throws IOException {
        var text = new StringBuilder();
        var object = orders().get();
        text.append(object == null ? "no cluster" : Serialization.asYaml(object))
                .append('\n');
        for (var pod : pods()) {
            text.append(Serialization.asYaml(pod.getStatus()))
                    .append(pod.getMetadata().getName())
                    .append('\n');
            text.append(tail(cluster.kubelet().log(pod.getMetadata().getName())))
                    .append('\n');
        }
        client.v1()
                .events()
                .inNamespace(NAMESPACE)
                .list()
                .getItems()
                .forEach(event -> text.append(event.getReason())
                        .append(": ")
                        .append(event.getMessage())
                        .append('\n'));
        return text.append(cluster.kubelet().failures()).toString();
    }

    private static String tail(String log) {
        var lines = log.lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
    }

    static boolean isReady(Pod pod) {
        return pod.getMetadata().getDeletionTimestamp() == null
                && pod.getStatus().getConditions().stream()
                        .anyMatch(each -> each.getType().equals("Ready")
                                && each.getStatus().equals("True"));
    }

    static boolean waits(Pod pod, String reason) {
        return pod.getStatus().getContainerStatuses().stream()
                .anyMatch(each -> each.getState().getWaiting() != null
                        && reason.equals(each.getState().getWaiting().getReason()));
    }

    /** Evicts what is on a node until nothing is; returns how often a budget refused that. */
    int drain(String node) throws TimeoutException, IOException {
        cluster.kubelet().cordon(node, true);
        var refusals = new int[1];
        var uids = pods().stream()
                .filter(pod -> node.equals(pod.getSpec().getNodeName()))
                .map(pod -> pod.getMetadata().getUid())
                .toList();
        await(node + " is drained", () -> {
            var left = pods().stream()
                    .filter(pod -> uids.contains(pod.getMetadata().getUid()))
                    .toList();
            for (var pod : left) {
                if (pod.getMetadata().getDeletionTimestamp() == null
                        && !client.pods()
                                .inNamespace(NAMESPACE)
                                .withName(pod.getMetadata().getName())
                                .evict()) {
                    refusals[0]++;
                }
            }
            return left.isEmpty();
        });
        return refusals[0];
    }

    @Override
    public void close() {
        stopOperator();
        operators.close();
        client.close();
    }
}
