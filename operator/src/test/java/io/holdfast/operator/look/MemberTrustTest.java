package io.holdfast.operator.look;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.operator.tls.Authority;
import io.holdfast.operator.tls.Pem;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which certificates a node may show that the operator asks at the address of a pod. */
class MemberTrustTest {

    private static final String HOST = "orders-voter-1-0.orders-peers.shop.svc";
    private static final Endpoint FIRST = new Endpoint("10.0.0.1", "shop.orders", 1, new Secured(HOST, "", false));
    private static final Authority AUTHORITY =
            Authority.make("test", Duration.ofDays(1), Instant.now().minusSeconds(5));

    private static X509Certificate certificate(List<String> uris, List<String> hosts) throws Exception {
        var request = new Authority.Request("x", uris, hosts, true);
        return Pem.certificate(
                AUTHORITY.issue(request, Duration.ofHours(1), Instant.now()).certificate());
    }

    private static void refused(List<String> uris, List<String> hosts) throws Exception {
        X509Certificate shown = certificate(uris, hosts);
        CertificateException refusal =
                assertThrows(CertificateException.class, () -> MemberTrust.check(FIRST, shown), uris + " " + hosts);
        assertTrue(String.valueOf(refusal.getMessage()).contains("member 1 of shop.orders"));
    }

    @Test
    void theMemberThatIsExpectedIsTrustedByItsUriOrTheHostOfItsPod() throws Exception {
        X509Certificate uri = certificate(List.of("holdfast://shop.orders/member/1"), List.of("other"));
        X509Certificate spiffe = certificate(List.of("spiffe://example.org/holdfast/shop.orders/member/1"), List.of());
        X509Certificate host = certificate(List.of(), List.of("localhost", HOST));
        for (X509Certificate shown : List.of(uri, spiffe, host)) {
            assertDoesNotThrow(() -> MemberTrust.check(FIRST, shown));
        }
    }

    @Test
    void everyOtherCertificateIsRefused() throws Exception {
        refused(List.of("holdfast://shop.orders/member/2"), List.of(HOST));
        refused(List.of("holdfast://shop.other/member/1"), List.of(HOST));
        refused(List.of("holdfast://shop.orders/member/1", "holdfast://shop.orders/member/2"), List.of());
        refused(List.of("holdfast://shop.orders/member/11"), List.of());
        refused(List.of(), List.of("orders-voter-2-0.orders-peers.shop.svc"));
        refused(List.of(), List.of("*.orders-peers.shop.svc"));
    }

    @Test
    void withoutTheAuthorityNothingIsTrusted() throws Exception {
        Authority other = Authority.make("other", Duration.ofDays(1), Instant.now());
        MemberTrust trust = new MemberTrust(other.certificate());
        trust.expect(FIRST);
        X509Certificate[] chain = {certificate(List.of("holdfast://shop.orders/member/1"), List.of())};
        var engine = trust.context().createSSLEngine("10.0.0.1", 7143);
        assertThrows(CertificateException.class, () -> trust.checkServerTrusted(chain, "UNKNOWN", engine));
        MemberTrust right = new MemberTrust(AUTHORITY.certificate());
        assertThrows(
                CertificateException.class,
                () -> right.checkServerTrusted(chain, "UNKNOWN", right.context().createSSLEngine("10.0.0.1", 7143)),
                "no member is expected there");
        right.expect(FIRST);
        assertDoesNotThrow(
                () -> right.checkServerTrusted(chain, "UNKNOWN", right.context().createSSLEngine("10.0.0.1", 7143)));
    }

    @Test
    void anAddressIsTheSameHoweverItIsWritten() throws Exception {
        X509Certificate[] chain = {certificate(List.of("holdfast://shop.orders/member/1"), List.of())};
        MemberTrust trust = new MemberTrust(AUTHORITY.certificate());
        trust.expect(new Endpoint("fd00::1", "shop.orders", 1, new Secured(HOST, "", false)));
        for (String shown : List.of("fd00::1", "fd00:0:0:0:0:0:0:1", "[fd00::1]")) {
            var engine = trust.context().createSSLEngine(shown, 7143);
            assertDoesNotThrow(() -> trust.checkServerTrusted(chain, "UNKNOWN", engine), shown);
        }
        for (String other : List.of("fd00::2", "fd00:::1")) {
            var engine = trust.context().createSSLEngine(other, 7143);
            assertThrows(CertificateException.class, () -> trust.checkServerTrusted(chain, "UNKNOWN", engine), other);
        }
    }
}
