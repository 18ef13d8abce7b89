package io.holdfast.zab.net;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.ensemble.Authority;
import io.holdfast.zab.core.ServerId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A certificate is of one member of one ensemble, or of none. */
class PeerIdentityTest {

    private static final Authority AUTHORITY = new Authority("members");
    private static final ServerId TWO = new ServerId(2);
    private static final String HOST = "two.example.com";

    private static Authority.Request request() {
        return AUTHORITY.certificate();
    }

    private static @Nullable String objection(Authority.Request request, @Nullable String host) {
        return new PeerIdentity("orders", false).objection(request.issue().certificate(), TWO, host);
    }

    private static void refused(Authority.Request request, String host, String because) {
        String objection = objection(request, host);
        assertNotNull(objection);
        assertTrue(objection.contains(because), objection);
    }

    @Test
    void aPeerIsTheMemberThatItsOnlyUriNames() {
        assertNull(objection(request().uri("holdfast://orders/member/2"), "elsewhere"));
        assertNull(objection(request().uri("spiffe://prod.example.com/holdfast/orders/member/2"), null));
        assertNull(objection(request().uri("holdfast://orders/member/2").uri("https://example.com/ca"), HOST));
    }

    @Test
    void aPeerWithoutAUriIsTheMemberWhoseHostItsCertificateNamesAsText() {
        assertNull(objection(request().dns("other").dns(HOST), HOST));
        assertNull(objection(request().dns("TWO.example.com"), HOST));
        assertNull(objection(request().ip("10.0.0.2"), "10.0.0.2"));
        assertNull(objection(request().ip("2001:db8::2"), "2001:db8:0:0::2"));
        refused(request().dns("10.0.0.2"), "10.0.0.2", "nor the host 10.0.0.2");
        refused(request().dns("*.example.com"), HOST, "nor the host");
        refused(request().subject("CN=" + HOST), HOST, "nor the host");
        assertNotNull(objection(request().dns(HOST), null));
    }

    @Test
    void aPeerWhoseCertificateNamesNoMemberIsRefused() {
        refused(request(), HOST, "names neither holdfast://orders/member/2 nor the host two.example.com");
        refused(request().uri("https://two.example.com"), HOST, "names neither");
    }

    @Test
    void aPeerWhoseCertificateNamesAnotherMemberIsRefused() {
        refused(request().uri("holdfast://orders/member/3"), HOST, "not of holdfast://orders/member/2");
        refused(request().uri("holdfast://orders/member/22"), HOST, "not of");
        refused(request().dns("three.example.com"), HOST, "names neither");
        refused(request().uri("holdfast://orders/member/3").dns(HOST), HOST, "not of");
        refused(request().uri("spiffe://prod.example.com/ns/web/sa/client").dns(HOST), HOST, "not of");
    }

    @Test
    void aPeerWhoseCertificateNamesAnotherClusterIsRefused() {
        refused(request().uri("holdfast://payments/member/2"), HOST, "not of holdfast://orders/member/2");
        refused(request().uri("spiffe://prod/holdfast/payments/holdfast/orders/member/2"), HOST, "not of");
        refused(request().uri("spiffe:///holdfast/orders/member/2"), HOST, "not of");
        refused(request().uri("spiffe://prod/x/holdfast/orders/member/2"), HOST, "not of");
    }

    @Test
    void aPeerWhoseCertificateNamesTwoNamesIsRefused() {
        refused(
                request().uri("holdfast://orders/member/2").uri("holdfast://orders/member/3"),
                HOST,
                "has 2 URIs that name members");
        refused(request().uri("holdfast://orders/member/2").uri("spiffe://prod/ns/x"), HOST, "has 2 URIs");
    }

    @Test
    void aClientCertificateIsNoPeer() {
        refused(request().uri("holdfast://orders/member/2").forClients(), HOST, "not both usages");
        refused(request().uri("holdfast://orders/member/2").forServers(), HOST, "not both usages");
    }

    @Test
    void theHostOfAMemberThatJoinsIsKnownToTheOthersOnly() {
        PeerIdentity identity = new PeerIdentity("orders", false);
        assertNull(identity.own(request().dns("any").issue().certificate(), TWO, null));
        assertNotNull(identity.own(request().issue().certificate(), TWO, null));
        assertNotNull(identity.own(request().dns("any").issue().certificate(), TWO, HOST));
        assertNotNull(identity.own(
                request().dns("any").uri("holdfast://orders/member/3").issue().certificate(), TWO, null));
        assertNotNull(identity.own(request().dns("any").forClients().issue().certificate(), TWO, null));
    }

    @Test
    void aSharedCertificateNamesNoMemberAndStillNeedsBothUsages() {
        PeerIdentity shared = new PeerIdentity("orders", true);
        assertNull(shared.objection(request().issue().certificate(), TWO, HOST));
        assertNotNull(shared.objection(request().forClients().issue().certificate(), TWO, HOST));
    }
}
