package io.holdfast.operator.look;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.plan.Wanted;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WantedReadingTest {

    private static LockCluster cluster(Map<String, String> annotations) {
        LockCluster cluster = new KubernetesSerialization()
                .unmarshal(
                        "metadata: {name: orders, namespace: shop, uid: u1}\nspec: {image: x, storage: {size: 10Gi}}",
                        LockCluster.class);
        cluster.getMetadata().setAnnotations(annotations);
        return cluster;
    }

    @Test
    void aSpecificationWithItsDefaults() {
        LockCluster cluster = cluster(Map.of());
        Wanted wanted = new WantedReading(cluster).read(cluster, true, null);
        assertEquals(3, wanted.voters());
        assertEquals(10L << 30, wanted.storage().bytes());
        assertEquals(Duration.ofMinutes(15), wanted.storage().lossAfter());
        assertEquals(Duration.ofSeconds(10), wanted.updates().minReady());
        assertFalse(wanted.paused());
        assertNull(wanted.replace());
        assertEquals(new Wanted.Recover.No(), wanted.recover());
    }

    @Test
    void annotationsAreRead() {
        LockCluster cluster = cluster(Map.of(
                "holdfast.dev/replace", "2", "holdfast.dev/recover", "2/3f9a-12cd", "holdfast.dev/dry-run", "true"));
        WantedReading reading = new WantedReading(cluster);
        assertTrue(reading.dryRun());
        assertEquals(2, reading.read(cluster, true, null).replace());
        assertEquals(
                new Wanted.Recover.Confirm(2, "3f9a-12cd"),
                reading.read(cluster, true, null).recover());
        assertEquals(List.of(), reading.unreadable());
    }

    @ParameterizedTest
    @CsvSource({
        "replace, two, is ignored",
        "readmit, 0, is ignored",
        "recover, now, is ignored",
        "recover, 2/, is ignored",
        "paused, yes, counts as true"
    })
    void whatCannotBeReadIsNamed(String name, String text, String course) {
        LockCluster cluster = cluster(Map.of("holdfast.dev/" + name, text));
        WantedReading reading = new WantedReading(cluster);
        reading.read(cluster, true, null);
        assertEquals(1, reading.unreadable().size());
        String says = reading.unreadable().get(0).text();
        assertTrue(
                says.startsWith("annotation holdfast.dev/" + name + " is '" + text + "', which " + course + ": give "),
                says);
    }
}
