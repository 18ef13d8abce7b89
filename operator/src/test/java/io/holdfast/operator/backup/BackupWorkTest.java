package io.holdfast.operator.backup;

import static io.holdfast.operator.backup.Looks.NOW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.holdfast.operator.crd.v1alpha1.BackupPhase;
import io.holdfast.operator.crd.v1alpha1.BackupTarget;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.crd.v1alpha1.LockClusterBackup;
import io.holdfast.operator.crd.v1alpha1.Removal;
import io.holdfast.operator.desired.Labels;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A backup from its creation to its end, against an API server of which some parts are missing. */
@EnableKubernetesMockClient(crud = true)
class BackupWorkTest {

    private static final String JOBS = "/apis/batch/v1/namespaces/shop/jobs";

    private KubernetesMockServer server;
    private KubernetesClient client;
    private BackupWork work;

    @BeforeEach
    void begin() {
        work = operator(NOW);
        LockCluster cluster = Looks.cluster(1795276800123L);
        client.resource(cluster).create();
        pod("orders-voter-2-0", "voter", Map.of("holdfast.dev/member", "2"));
        pod("orders-voter-3-0", "voter", Map.of("holdfast.dev/member", "3"));
    }

    /** An operator that begins now: it has seen nothing before. */
    private BackupWork operator(Instant now) {
        return new BackupWork(client, "holdfast-system", Clock.fixed(now, ZoneOffset.UTC));
    }

    private void pod(String name, String component, Map<String, String> labels) {
        client.resource(new PodBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(Looks.NAMESPACE)
                        .withLabels(Labels.selectMembers(Looks.cluster(0)))
                        .addToLabels("app.kubernetes.io/component", component)
                        .addToLabels(labels)
                        .endMetadata()
                        .withNewStatus()
                        .addNewCondition()
                        .withType("Ready")
                        .withStatus("True")
                        .endCondition()
                        .endStatus()
                        .build())
                .create();
    }

    private LockClusterBackup create(Removal policy, BackupTarget target) {
        LockClusterBackup backup = Looks.backup(policy, target, null);
        backup.getMetadata().setUid(null);
        backup.getMetadata().setResourceVersion(null);
        return client.resource(backup).create();
    }

    private LockClusterBackup backup() {
        return client.resources(LockClusterBackup.class)
                .inNamespace(Looks.NAMESPACE)
                .withName("orders-0215")
                .get();
    }

    private void run() {
        work.run(Looks.NAMESPACE, "orders-0215");
    }

    private Job job(String name) {
        return client.batch()
                .v1()
                .jobs()
                .inNamespace(Looks.NAMESPACE)
                .withName(name)
                .get();
    }

    /** What the controller of jobs and the kubelet do. */
    private void end(Job job, String condition, int code, String words) {
        Pod pod = new PodBuilder()
                .withNewMetadata()
                .withName(job.getMetadata().getName() + "-x")
                .withNamespace(Looks.NAMESPACE)
                .withLabels(job.getSpec().getTemplate().getMetadata().getLabels())
                .addNewOwnerReference()
                .withUid(job.getMetadata().getUid())
                .withKind("Job")
                .withName(job.getMetadata().getName())
                .endOwnerReference()
                .endMetadata()
                .withNewStatus()
                .addNewContainerStatus()
                .withName("backup")
                .withNewState()
                .withNewTerminated()
                .withExitCode(code)
                .withMessage(words)
                .withFinishedAt(NOW.toString())
                .endTerminated()
                .endState()
                .endContainerStatus()
                .endStatus()
                .build();
        client.resource(pod).create();
        client.resource(new JobBuilder(job)
                        .withNewStatus()
                        .withStartTime(NOW.toString())
                        .addNewCondition()
                        .withType(condition)
                        .withStatus("True")
                        .withReason("")
                        .endCondition()
                        .endStatus()
                        .build())
                .updateStatus();
    }

    private String stored(LockClusterBackup backup, String root) {
        return Looks.report(
                root + "1795276800123/7-1077-" + backup.getMetadata().getUid() + ".backup");
    }

    private List<String> events() {
        return client.v1().events().inNamespace(Looks.NAMESPACE).list().getItems().stream()
                .map((Event event) -> event.getInvolvedObject().getKind() + " " + event.getReason())
                .sorted()
                .toList();
    }

    @Test
    void storesABackupThoughTheOperatorIsAnotherOneAtEachStep() {
        LockClusterBackup made = create(Removal.RETAIN, Looks.IN_BUCKET);
        run();
        Job job = job(BackupNames.job(made.getMetadata().getUid()));
        assertNotNull(job);
        assertEquals(BackupPhase.RUNNING, backup().getStatus().phase());
        var container = job.getSpec().getTemplate().getSpec().getContainers().get(0);
        String words = String.join(" ", container.getArgs());
        assertEquals(
                "backup --url http://orders-voter-3-0.orders-peers.shop.svc:7100 --to"
                        + " s3://backups/orders/{generation}/{revision}-"
                        + made.getMetadata().getUid()
                        + ".backup --report /dev/termination-log --scratch /tmp"
                        + " --s3-endpoint https://s3.example.org --s3-region eu-1",
                words);
        assertEquals("example.org/holdfast:0.4.1", container.getImage());
        assertEquals(
                List.of("s3", "s3", "s3"),
                container.getEnv().stream()
                        .map(variable ->
                                variable.getValueFrom().getSecretKeyRef().getName())
                        .toList());

        work = operator(NOW.plusSeconds(60));
        end(job, "Complete", 0, stored(made, "s3://backups/orders/"));
        run();
        var status = backup().getStatus();
        assertEquals(BackupPhase.COMPLETED, status.phase());
        assertEquals("7-1077", status.revision());
        assertTrue(status.location().startsWith("s3://backups/orders/1795276800123/7-1077-"), status.location());
        assertEquals(
                BackupJobs.KEPT_SECONDS,
                job(job.getMetadata().getName()).getSpec().getTtlSecondsAfterFinished());
        assertEquals(List.of("LockClusterBackup BackupCompleted", "LockClusterBackup BackupStarted"), events());

        String version = backup().getMetadata().getResourceVersion();
        work = operator(NOW.plusSeconds(120));
        run();
        assertEquals(version, backup().getMetadata().getResourceVersion(), "there was nothing to write");
        assertTrue(backup().getMetadata().getFinalizers().isEmpty());
    }

    @Test
    void saysWhyAJobFailedAtTheBackupAndAtItsCluster() {
        LockClusterBackup made = create(Removal.RETAIN, Looks.ON_CLAIM);
        run();
        end(
                job(BackupNames.job(made.getMetadata().getUid())),
                "Failed",
                66,
                "{\"outcome\":\"failed\",\"exit\":66,\"message\":\"bucket answers 403: allow s3:PutObject\"}");
        run();
        var status = backup().getStatus();
        assertEquals(BackupPhase.FAILED, status.phase());
        assertTrue(status.conditions().get(0).getMessage().contains("allow s3:PutObject"), status.toString());
        assertEquals(
                List.of(
                        "LockCluster BackupFailed",
                        "LockClusterBackup BackupFailed",
                        "LockClusterBackup BackupStarted"),
                events());
        run();
        assertEquals(3, events().size(), "an Event is written once");
    }

    @Test
    void deletesTheFileBeforeTheObject() {
        LockClusterBackup made = create(Removal.DELETE, Looks.ON_CLAIM);
        run();
        assertEquals(List.of(BackupNames.FINALIZER), backup().getMetadata().getFinalizers());
        end(job(BackupNames.job(made.getMetadata().getUid())), "Complete", 0, stored(made, "/backup/orders/"));
        run();
        client.resource(backup()).delete();
        client.resources(LockCluster.class)
                .inNamespace(Looks.NAMESPACE)
                .withName("orders")
                .delete();
        work = operator(NOW.plusSeconds(60));
        run();
        Job deletion = job(BackupNames.deletion(made.getMetadata().getUid()));
        var container =
                deletion.getSpec().getTemplate().getSpec().getContainers().get(0);
        assertEquals(
                "delete --from /backup/orders/1795276800123/7-1077-"
                        + made.getMetadata().getUid() + ".backup --report /dev/termination-log",
                String.join(" ", container.getArgs()));
        assertEquals("example.org/holdfast:0.4.1", container.getImage());
        assertNotNull(backup(), "it waits for its file");
        end(deletion, "Complete", 0, "{\"outcome\":\"deleted\"}");
        run();
        assertNull(backup());
    }

    @Test
    void neverHoldsANamespaceThatIsBeingDeleted() {
        LockClusterBackup made = create(Removal.DELETE, Looks.ON_CLAIM);
        run();
        end(job(BackupNames.job(made.getMetadata().getUid())), "Complete", 0, stored(made, "/backup/orders/"));
        run();
        client.resource(backup()).delete();
        server.expect()
                .post()
                .withPath(JOBS)
                .andReturn(
                        403,
                        new StatusBuilder()
                                .withCode(403)
                                .withReason("Forbidden")
                                .withMessage("unable to create new content in namespace shop")
                                .withNewDetails()
                                .addNewCause("namespace", "is being terminated", "NamespaceTerminating")
                                .endDetails()
                                .build())
                .once();
        run();
        assertNull(backup());
        assertTrue(events().contains("LockClusterBackup FileKept"), events().toString());
    }

    @Test
    void saysThatTheApiServerTakesNoJob() {
        create(Removal.RETAIN, Looks.ON_CLAIM);
        server.expect()
                .post()
                .withPath(JOBS)
                .andReturn(
                        403,
                        new StatusBuilder()
                                .withCode(403)
                                .withReason("Forbidden")
                                .withMessage("exceeded quota: team, requested: count/jobs.batch=1")
                                .build())
                .once();
        run();
        var status = backup().getStatus();
        assertEquals(BackupPhase.PENDING, status.phase());
        assertTrue(status.conditions().get(0).getMessage().contains("exceeded quota: team"), status.toString());
        run();
        assertEquals(BackupPhase.RUNNING, backup().getStatus().phase());
    }
}
