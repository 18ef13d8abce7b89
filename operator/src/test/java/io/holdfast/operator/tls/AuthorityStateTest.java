package io.holdfast.operator.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The authority of a cluster's certificates, the three steps of its replacement, and what it issues. */
class AuthorityStateTest {

    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private static final Duration LIFE = Duration.ofDays(300);
    private static final Authority.Request FIRST =
            new Authority.Request("first", List.of("holdfast://shop.orders/member/1"), List.of("first.shop.svc"), true);

    private boolean trust;
    private boolean show;
    private final AuthorityState.Seen seen = new AuthorityState.Seen() {
        @Override
        public boolean allTrust(String pem) {
            return trust;
        }

        @Override
        public boolean allShow(AuthorityState now) {
            return show;
        }
    };

    private AuthorityState step(AuthorityState state, String wanted) {
        // Another operator reads what this one wrote.
        AuthorityState read = AuthorityState.read(state.files());
        assertEquals(state, read);
        return state.step("shop.orders", LIFE, wanted, seen, NOW);
    }

    @Test
    void anAuthorityIsReplacedInThreeStepsEachOfWhichWaits() throws GeneralSecurityException {
        AuthorityState first = AuthorityState.begin("shop.orders", LIFE, "", NOW);
        assertSame(first, step(first, ""));
        AuthorityState both = step(first, "1");
        assertEquals(first.issuer(), both.issuer(), "certificates come from the old one still");
        assertEquals(2, Pem.certificates(both.trusted()).size());
        show = true;
        assertSame(both, step(both, "1"), "a member does not trust the new one yet");
        trust = true;
        show = false;
        AuthorityState issuing = step(both, "1");
        assertNotEquals(first.issuer(), issuing.issuer());
        assertEquals(
                MemberFiles.authoritiesHash(both.trusted()),
                MemberFiles.authoritiesHash(issuing.trusted()),
                "members trust both");
        assertSame(issuing, step(issuing, "1"), "a member shows its old certificate still");
        show = true;
        AuthorityState last = step(issuing, "1");
        assertEquals(issuing.issuer().certificate(), last.trusted());
        assertSame(last, step(last, "1"), "once for each text");
        assertNotEquals(last, step(last, "2"));
    }

    @Test
    void anAuthorityOfWhichTwoThirdsAreOverIsReplaced() {
        AuthorityState first = AuthorityState.begin("shop.orders", LIFE, "x", NOW.minus(Duration.ofDays(201)));
        AuthorityState both = step(first, "x");
        assertNotEquals(first, both);
        assertEquals("x", both.done());
    }

    @Test
    void aSecretWithoutAnAuthorityIsNamed() {
        assertThrows(IllegalArgumentException.class, () -> AuthorityState.read(Map.of("issuer.crt", "x")));
    }

    @Test
    void certificatesThatAreGoodStayAndOthersAreMade() throws GeneralSecurityException {
        AuthorityState state = AuthorityState.begin("shop.orders", LIFE, "", NOW);
        Duration life = Duration.ofDays(90);
        Map<String, String> files = MemberFiles.of(Map.of(), Map.of("first", FIRST), state, life, NOW);
        assertEquals(List.of("ca.crt", "first.crt", "first.key"), List.copyOf(files.keySet()));
        assertEquals(files, MemberFiles.of(files, Map.of("first", FIRST), state, life, NOW.plus(Duration.ofDays(59))));
        Map<String, String> renewed =
                MemberFiles.of(files, Map.of("first", FIRST), state, life, NOW.plus(Duration.ofDays(61)));
        assertNotEquals(files.get("first.crt"), renewed.get("first.crt"));
        assertNotEquals(files.get("first.key"), renewed.get("first.key"));
        var names = Authority.namesOf(Pem.certificate(renewed.get("first.crt")));
        assertEquals(List.of("first.shop.svc", "holdfast://shop.orders/member/1"), List.copyOf(names));
        Map<String, String> damaged = new java.util.TreeMap<>(files);
        damaged.put("first.key", "none");
        assertNotEquals(
                damaged.get("first.key"),
                MemberFiles.of(damaged, Map.of("first", FIRST), state, life, NOW)
                        .get("first.key"));
        assertEquals(
                List.of("ca.crt"),
                List.copyOf(MemberFiles.of(files, Map.of(), state, life, NOW).keySet()));
        AuthorityState other = AuthorityState.begin("shop.orders", LIFE, "", NOW);
        assertFalse(MemberFiles.isIssuedBy(files, "first", other.issuer()));
        assertTrue(MemberFiles.isIssuedBy(
                MemberFiles.of(files, Map.of("first", FIRST), other, life, NOW), "first", other.issuer()));
    }

    @Test
    void noTextShowsAKey() {
        AuthorityState state = AuthorityState.begin("shop.orders", LIFE, "", NOW);
        Issued issued = state.issuer().issue(FIRST, LIFE, NOW);
        assertFalse((state + " " + issued).contains("PRIVATE KEY"));
    }
}
