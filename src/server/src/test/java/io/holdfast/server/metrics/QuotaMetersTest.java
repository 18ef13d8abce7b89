package io.holdfast.server.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class QuotaMetersTest {

    @Test
    void theAgeOfTheMemoryIsThatOfItsOldestGrant() {
        assertEquals(1.5, QuotaMeters.memorySeconds(OptionalLong.of(1_000), 2_500));
        assertEquals(
                0, QuotaMeters.memorySeconds(OptionalLong.of(3_000), 2_500), "the clock of another server is ahead");
        assertEquals(Double.NaN, QuotaMeters.memorySeconds(OptionalLong.empty(), 2_500));
    }
}
