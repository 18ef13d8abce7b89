package io.holdfast.server.caller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FailureRateTest {

    private static final long SECOND = 1_000_000_000L;

    @Test
    void anAddressMayFailSoOftenInASecondAndOthersAreNotConcerned() {
        FailureRate rate = new FailureRate(20);
        for (int i = 0; i < 20; i++) {
            assertFalse(rate.isExhausted("a", 0));
            rate.failed("a", 0);
        }
        assertTrue(rate.isExhausted("a", 0));
        assertFalse(rate.isExhausted("b", 0));
        assertTrue(rate.isExhausted("a", SECOND / 40));
        assertFalse(rate.isExhausted("a", SECOND / 20));
        for (int i = 0; i < 100; i++) {
            rate.failed("a", SECOND);
        }
        assertFalse(rate.isExhausted("a", 2 * SECOND), "failures are no debt for ever");
    }

    @Test
    void addressesAreForgottenBeforeTheyAreTooMany() {
        FailureRate rate = new FailureRate(20);
        for (int i = 0; i < 20_000; i++) {
            rate.failed("10.0." + i, 0);
        }
        assertEquals(10_000, rate.addresses());
    }

    @Test
    void aCacheForgetsWhatIsOldAndWhatIsTooMuch() {
        CredentialCache cache = new CredentialCache(10, 100);
        Proof proof = new Proof(Caller.anonymous(), null, null, 100);
        for (int i = 0; i < 20; i++) {
            cache.keep("k" + i, proof, 1);
        }
        assertEquals(10, cache.size());
        assertNull(cache.find("k9", 0));
        assertEquals(proof, cache.find("k10", 99));
        assertNull(cache.find("k10", 100), "it is good until then");
        cache.keep("large", proof, 92);
        assertEquals(9, cache.size(), "8 of size 1 beside it");
        cache.keep("large", proof, 1);
        cache.keep("more", proof, 91);
        assertEquals(10, cache.size(), "one that is kept again counts once");
    }
}
