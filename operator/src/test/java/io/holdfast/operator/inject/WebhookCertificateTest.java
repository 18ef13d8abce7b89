package io.holdfast.operator.inject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.operator.tls.Pem;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The webhook's certificate over its life. */
class WebhookCertificateTest {

    private static final List<String> NAMES = List.of("holdfast-injector.holdfast-system.svc");
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    @Test
    void itIsRenewedAtTwoThirdsByTheSameAuthority() throws Exception {
        WebhookCertificate made = WebhookCertificate.make(NAMES, NOW);
        assertEquals(NOW.plus(WebhookCertificate.LIFE), made.ends());
        assertFalse(made.isDue(NAMES, NOW));
        assertFalse(made.isDue(NAMES, NOW.plus(Duration.ofDays(59))));
        assertTrue(made.isDue(NAMES, NOW.plus(Duration.ofDays(61))));
        Instant later = NOW.plus(Duration.ofDays(61));
        WebhookCertificate next = made.renew(NAMES, later);
        assertEquals(made.authority(), next.authority());
        assertNotEquals(made.certificate(), next.certificate());
        assertNotEquals(made.key(), next.key());
        assertFalse(next.isDue(NAMES, later));
        Pem.certificate(next.certificate())
                .verify(Pem.certificate(made.authority()).getPublicKey());
    }

    @Test
    void anotherNameMakesItDue() {
        assertTrue(WebhookCertificate.make(NAMES, NOW).isDue(List.of("injector.other.svc"), NOW));
    }

    @Test
    void whatIsNoCertificateOrAnotherAuthoritysIsFound() {
        WebhookCertificate made = WebhookCertificate.make(NAMES, NOW);
        WebhookCertificate other = WebhookCertificate.make(NAMES, NOW);
        for (WebhookCertificate wrong : List.of(
                new WebhookCertificate("", "", "", ""),
                new WebhookCertificate(made.authority(), made.authorityKey(), made.certificate(), "x"),
                new WebhookCertificate(other.authority(), other.authorityKey(), made.certificate(), made.key()))) {
            assertThrows(IllegalArgumentException.class, () -> wrong.isDue(NAMES, NOW));
        }
    }
}
