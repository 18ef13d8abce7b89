package io.holdfast.server.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PerAddressTest {

    @Test
    void oneAddressHasNoMoreThanItMayAndTakesNothingFromOthers() {
        PerAddress addresses = new PerAddress(2);
        assertTrue(addresses.enter("10.0.0.1"));
        assertTrue(addresses.enter("10.0.0.1"));
        assertFalse(addresses.enter("10.0.0.1"));
        assertTrue(addresses.enter("10.0.0.2"));
        addresses.leave("10.0.0.1");
        assertTrue(addresses.enter("10.0.0.1"));
    }

    @Test
    void anAddressThatHasNothingIsForgotten() {
        PerAddress addresses = new PerAddress(2);
        addresses.enter("10.0.0.1");
        addresses.leave("10.0.0.1");
        addresses.leave("10.0.0.1");

        assertEquals(0, addresses.addresses());
    }
}
