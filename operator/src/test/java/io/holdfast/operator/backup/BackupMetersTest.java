package io.holdfast.operator.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.holdfast.operator.crd.v1alpha1.BackupTemplate;
import io.holdfast.operator.crd.v1alpha1.LockClusterBackupSchedule;
import io.holdfast.operator.crd.v1alpha1.LockClusterBackupScheduleSpec;
import io.holdfast.operator.crd.v1alpha1.LockClusterBackupScheduleStatus;
import io.holdfast.operator.crd.v1alpha1.Removal;
import io.holdfast.operator.manifests.MetricsPage;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BackupMetersTest {

    private static final Instant MADE = Instant.parse("2026-03-01T00:00:00Z");
    private static final Instant NOW = MADE.plus(Duration.ofHours(50));

    private static LockClusterBackupSchedule schedule(String name, boolean suspended, @Nullable Instant success) {
        LockClusterBackupSchedule schedule = new LockClusterBackupSchedule();
        schedule.setMetadata(new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(Looks.NAMESPACE)
                .withCreationTimestamp(MADE.toString())
                .build());
        schedule.setSpec(new LockClusterBackupScheduleSpec(
                "orders",
                "15 2 * * *",
                "Etc/UTC",
                7,
                suspended,
                "1h",
                new BackupTemplate(Removal.RETAIN, Looks.ON_CLAIM)));
        if (success != null) {
            schedule.setStatus(new LockClusterBackupScheduleStatus(null, null, null, null, success.toString(), null));
        }
        return schedule;
    }

    @Test
    void theAgeIsThatOfTheNewestBackupOrOfTheScheduleItself() throws IOException {
        MeterRegistry registry = MetricsPage.registry();
        BackupMeters meters = new BackupMeters(registry, () -> NOW);
        LockClusterBackupSchedule done = schedule("done", false, NOW.minusSeconds(60));
        LockClusterBackupSchedule none = schedule("none", false, null);
        LockClusterBackupSchedule rests = schedule("rests", true, null);
        meters.measure(
                Stream.of(done, none, rests),
                id -> Stream.of(done, none, rests)
                        .filter(one -> one.getMetadata().getName().equals(id.getName()))
                        .findFirst());
        String page = MetricsPage.text(registry);
        String metric = "holdfast_operator_backup_age_seconds{cluster=\"orders\",namespace=\"shop\",schedule=";
        assertEquals(
                List.of(metric + "\"done\",} 60.0", metric + "\"none\",} 180000.0"),
                page.lines().filter(line -> line.startsWith("holdfast")).toList());
        assertTrue(MetricsPage.named().containsAll(MetricsPage.scraped(registry)), page);
    }

    @Test
    void aScheduleThatWasSuspendedSinceHasNoAge() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        BackupMeters meters = new BackupMeters(registry, () -> NOW);
        meters.measure(Stream.of(schedule("nightly", false, null)), id -> Optional.of(schedule("nightly", true, null)));
        assertEquals(
                Double.NaN, registry.get("holdfast.operator.backup.age").gauge().value());
    }
}
