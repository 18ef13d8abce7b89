package io.holdfast.operator.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.crd.v1alpha1.LockClusterStatus;
import io.holdfast.operator.crd.v1alpha1.RecoveryStatus;
import io.holdfast.operator.desired.StartConfig;
import io.holdfast.operator.desired.VoterClaim;
import io.holdfast.operator.desired.VoterSet;
import io.holdfast.operator.paper.api.ApiServer;
import io.holdfast.operator.paper.api.Setup;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The last steps of a recovery of three voters that were stopped and examined, without controllers. */
class RecoveryPassTest {

    private static final String CODE = "3f9a-12cd";

    private final ApiServer server = ApiServer.start();
    private final KubernetesClient admin = server.client("admin");
    private final KubernetesClient client = server.client("operator");
    private final TestOperator operator = new TestOperator(client, 1, new SimpleMeterRegistry());

    @BeforeEach
    void stoppedAndExamined() throws IOException {
        Setup.shop(admin);
        admin.resources(LockCluster.class)
                .inNamespace("shop")
                .resource(admin.getKubernetesSerialization().unmarshal("""
                        apiVersion: holdfast.dev/v1alpha1
                        kind: LockCluster
                        metadata:
                          name: orders
                          namespace: shop
                          annotations: {holdfast.dev/recover: "2/%s"}
                        spec: {voters: 3, image: "holdfast:1", storage: {size: 1Gi}}
                        """.formatted(CODE), LockCluster.class))
                .create();
        status("""
                {"observedGeneration": 1, "generation": 5, "nextId": 4, "initialized": true,
                 "recovery": [{"member": 1, "lastLogged": "7-8", "code": "0000-0001"},
                              {"member": 2, "lastLogged": "7-9", "code": "%s"},
                              {"member": 3, "message": "its log is damaged"}],
                 "conditions": [{"type": "Quorate", "status": "False", "reason": "NoAnswer", "message": "none",
                                 "lastTransitionTime": "2026-01-01T00:00:00Z"}]}
                """.formatted(CODE));
        LockCluster cluster = cluster();
        admin.resource(StartConfig.joining(cluster, List.of(1, 2, 3))).create();
        for (int id = 1; id <= 3; id++) {
            admin.resource(VoterClaim.of(cluster, id, 5L)).create();
            admin.resource(VoterSet.of(cluster, id)
                            .edit()
                            .editSpec()
                            .withReplicas(0)
                            .endSpec()
                            .build())
                    .create();
        }
    }

    @AfterEach
    void stop() {
        operator.close();
        client.close();
        admin.close();
        server.close();
    }

    private void status(String status) {
        admin.resources(LockCluster.class)
                .inNamespace("shop")
                .withName("orders")
                .subresource("status")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\":" + status + "}");
    }

    private void pass() throws InterruptedException {
        operator.pass().pass("shop", "orders").orElseThrow();
    }

    private LockCluster cluster() {
        return admin.resources(LockCluster.class)
                .inNamespace("shop")
                .withName("orders")
                .get();
    }

    private LockClusterStatus status() {
        return Objects.requireNonNull(cluster().getStatus());
    }

    private StatefulSet set(int id) {
        return admin.apps()
                .statefulSets()
                .inNamespace("shop")
                .withName("orders-voter-" + id)
                .get();
    }

    private Map<String, String> labelsOfClaim(int id) {
        PersistentVolumeClaim claim = admin.persistentVolumeClaims()
                .inNamespace("shop")
                .withName("orders-voter-" + id)
                .get();
        return claim.getMetadata().getLabels();
    }

    private Job job(String step) {
        return admin.batch()
                .v1()
                .jobs()
                .inNamespace("shop")
                .withName("orders-voter-2-" + step)
                .get();
    }

    private void ended(String condition) {
        admin.batch()
                .v1()
                .jobs()
                .inNamespace("shop")
                .withName("orders-voter-2-recover")
                .editStatus(job -> new JobBuilder(job)
                        .withNewStatus()
                        .addNewCondition()
                        .withType(condition)
                        .withStatus("True")
                        .endCondition()
                        .endStatus()
                        .build());
    }

    /** What a pod of the Job with this uid left as its last word. */
    private void said(String pod, String uid, String message) {
        admin.resource(new PodBuilder()
                        .withNewMetadata()
                        .withNamespace("shop")
                        .withName(pod)
                        .addToLabels("batch.kubernetes.io/job-name", "orders-voter-2-recover")
                        .addNewOwnerReference()
                        .withApiVersion("batch/v1")
                        .withKind("Job")
                        .withName("orders-voter-2-recover")
                        .withUid(uid)
                        .endOwnerReference()
                        .endMetadata()
                        .withNewSpec()
                        .addNewContainer()
                        .withName("holdfast")
                        .withImage("holdfast:1")
                        .endContainer()
                        .endSpec()
                        .build())
                .create();
        admin.pods()
                .inNamespace("shop")
                .withName(pod)
                .editStatus(present -> new PodBuilder(present)
                        .withNewStatus()
                        .addNewContainerStatus()
                        .withName("holdfast")
                        .withImage("holdfast:1")
                        .withImageID("holdfast@1")
                        .withReady(false)
                        .withRestartCount(0)
                        .withNewState()
                        .withNewTerminated()
                        .withExitCode(0)
                        .withMessage(message)
                        .endTerminated()
                        .endState()
                        .endContainerStatus()
                        .endStatus()
                        .build());
    }

    private static List<Integer> members(LockClusterStatus status) {
        return status.recovery().stream().map(RecoveryStatus::member).toList();
    }

    @Test
    void theLastWordOfTheJobBeginsTheGenerationAndTheVolumeIsOfIt() throws InterruptedException {
        pass();
        List<String> arguments = job("recover")
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .get(0)
                .getArgs();
        assertEquals(
                List.of("recover", "--data", "/data/holdfast", "--report", "/dev/termination-log", "--confirm", CODE),
                arguments);
        said("of-before", "another", "{\"outcome\":\"recovered\",\"generation\":8}");
        said("of-now", job("recover").getMetadata().getUid(), "{\"outcome\":\"recovered\",\"generation\":9}");
        ended("Complete");
        pass();
        assertEquals(9, Objects.requireNonNull(status().recovered()).generation());
        assertNull(job("recover"));
        pass();
        assertEquals(9, status().generation());
        assertEquals("9", labelsOfClaim(2).get("holdfast.dev/generation"));
        for (int id : List.of(1, 3)) {
            assertEquals("before", labelsOfClaim(id).get("holdfast.dev/mark"));
            assertEquals("true", set(id).getMetadata().getAnnotations().get("holdfast.dev/leaving"));
        }
        assertNull(labelsOfClaim(2).get("holdfast.dev/mark"));
        pass();
        pass();
        assertEquals(1, set(2).getSpec().getReplicas());
        assertEquals(0, set(1).getSpec().getReplicas());
    }

    @Test
    void aJobThatFailedIsNamedAndTheVolumeIsExaminedAgain() throws InterruptedException {
        pass();
        ended("Failed");
        pass();
        String blocked = status().conditions().stream()
                .filter(condition -> condition.getReason().equals("Blocked"))
                .findFirst()
                .orElseThrow()
                .getMessage();
        assertTrue(blocked.startsWith("the volume of voter 2 was not recovered: "), blocked);
        assertEquals(List.of(1, 3), members(status()));
        assertNull(status().recovered());
        assertNull(job("recover"));
        pass();
        assertNotNull(job("examine"));
    }
}
