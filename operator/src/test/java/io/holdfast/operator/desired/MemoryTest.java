package io.holdfast.operator.desired;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryTest {

    private static final String FIELD = "spec.resources.limits.memory";

    @ParameterizedTest
    @CsvSource({
        "384Mi, -Xmx249m -XX:MaxDirectMemorySize=38m -XX:+UseSerialGC",
        "512Mi, -Xmx332m -XX:MaxDirectMemorySize=51m -XX:+UseSerialGC",
        "4Gi, -Xmx2662m -XX:MaxDirectMemorySize=409m -XX:+UseG1GC",
        "1Gi, -Xmx665m -XX:MaxDirectMemorySize=102m -XX:+UseSerialGC",
        "536870912, -Xmx332m -XX:MaxDirectMemorySize=51m -XX:+UseSerialGC",
        "1000M, -Xmx619m -XX:MaxDirectMemorySize=95m -XX:+UseSerialGC",
    })
    void heapAndDirectMemoryFollowTheLimit(String limit, String flags) {
        assertEquals(flags, Memory.of(FIELD, limit, Map.of()).flags());
    }

    @Test
    void aLimitThatDoesNotHoldTheBoundsIsRefusedWithOneThatDoes() {
        var refused = assertThrows(SpecRefusedException.class, () -> Memory.of(FIELD, "320Mi", Map.of()));
        assertEquals(
                FIELD + ": 320Mi is 199 MiB of heap, and the bounds of the server need 240: use 384Mi, or lower"
                        + " holdfast.limits.state-bytes in spec.config",
                refused.getMessage());
        Memory.of(FIELD, "384Mi", Map.of());
        Memory.of(FIELD, "320Mi", Map.of("holdfast.limits.state-bytes", "32M"));
        var large = Map.of("holdfast.limits.state-bytes", "1G");
        assertThrows(SpecRefusedException.class, () -> Memory.of(FIELD, "2Gi", large));
        Memory.of(FIELD, "4Gi", large);
    }

    @Test
    void aBoundThatIsNoSizeIsNamed() {
        var config = Map.of("holdfast.limits.state-bytes", "64 MB");
        var refused = assertThrows(SpecRefusedException.class, () -> Memory.of(FIELD, "512Mi", config));
        assertEquals(
                "spec.config: holdfast.limits.state-bytes is no size: write it as 512K or 64M", refused.getMessage());
    }

    @Test
    void observersAreRefusedByTheirOwnField() {
        var cluster = Clusters.cluster("{image: i}");
        var observers = Clusters.observers("{clusterRef: orders, resources: {limits: {memory: 320Mi}}}");
        var refused = assertThrows(SpecRefusedException.class, () -> ObserverSet.of(cluster, observers, 10001, 1));
        assertEquals(FIELD, refused.getMessage().split(":")[0]);
    }
}
