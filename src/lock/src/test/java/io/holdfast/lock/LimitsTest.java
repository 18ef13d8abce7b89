package io.holdfast.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class LimitsTest {

    @Test
    void aLockNameIsSegmentsJoinedBySingleSlashes() {
        for (String good :
                List.of("a", "payments/settlement/2026-11", "A.b_c:d@e-f/0", "--", "a/--/b", "x".repeat(512))) {
            assertNull(Limits.lockNameProblem(good), good);
        }
        for (String bad : List.of(
                "",
                "/",
                "/a",
                "a/",
                "a//b",
                "-",
                "a/-",
                "-/a",
                "a/-/b",
                "a b",
                "ä",
                "a\u0000",
                "a;b",
                "x".repeat(513))) {
            assertNotNull(Limits.lockNameProblem(bad), bad);
        }
    }

    @Test
    void everyCharacterOfANameIsOneOfThoseThatNeedNoEscaping() {
        for (char c = 0; c < 0x300; c++) {
            boolean good = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:@-".indexOf(c) >= 0;
            assertEquals(good, Limits.idProblem("x" + c) == null, "character " + (int) c);
            assertEquals(good || c == '/', Limits.lockNameProblem("x" + c + "y") == null, "character " + (int) c);
        }
    }

    /** A character has one way to be written, so two names are never one. */
    @Test
    void anEscapeIsCanonicalUtf8OfACharacterThatANameCannotHave() {
        for (String good : List.of(
                "~7E",
                "a~20b",
                "caf~C3~A9",
                "~E2~82~AC/x",
                "~F0~9F~94~92",
                "~F4~8F~BF~BF",
                "~00",
                "~C2~80",
                "~E0~A0~80",
                "~EF~BF~BF",
                "~F0~90~80~80")) {
            assertNull(Limits.lockNameProblem(good), good);
        }
        for (String bad : List.of(
                "~",
                "~7",
                "~7e",
                "~61",
                "~2F",
                "~2E",
                "~2D",
                "a~",
                "~GG",
                "~C3",
                "~C3~28",
                "~C3a",
                "~A9",
                "~80",
                "~C0~80",
                "~C1~BF",
                "~E0~9F~BF",
                "~ED~A0~80",
                "~F0~8F~BF~BF",
                "~F4~90~80~80",
                "~F8~88~80~80~80",
                "~FF",
                "~E2~82/~AC")) {
            assertNotNull(Limits.lockNameProblem(bad), bad);
        }
    }

    @Test
    void everyCharacterHasOneEscapeOrNeedsNone() {
        for (int c = 0; c <= Character.MAX_CODE_POINT; c += c < 0x3000 ? 1 : 251) {
            if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                continue;
            }
            String text = Character.toString(c);
            StringBuilder escaped = new StringBuilder();
            for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
                escaped.append(String.format("~%02X", b));
            }
            boolean plain = Limits.lockNameProblem("x" + text + "y") == null;
            assertEquals(!plain, Limits.lockNameProblem("x" + escaped + "y") == null, "character " + c);
        }
    }

    @Test
    void theBeginningOfANameMayEndInsideAnEscape() {
        for (String good : List.of("", "a", "a/", "a~", "a~C", "a~C3", "a~C3~", "a~C3~A9")) {
            assertNull(Limits.lockPrefixProblem(good), good);
        }
        for (String bad : List.of("/", "a//", "a b", "ä", "x".repeat(513))) {
            assertNotNull(Limits.lockPrefixProblem(bad), bad);
        }
    }

    @Test
    void metadataIsCountedInBytes() {
        assertNull(Limits.metadataProblem("ä".repeat(2048)));
        assertNotNull(Limits.metadataProblem("ä".repeat(2048) + "x"));
        assertNull(Limits.metadataProblem("€".repeat(1365)));
        assertNotNull(Limits.metadataProblem("€".repeat(1366)));
        assertNull(Limits.metadataProblem("\uD83D\uDD12".repeat(1024)));
        assertNotNull(Limits.metadataProblem("\uD83D\uDD12".repeat(1025)));
    }

    @Test
    void textThatIsNoUnicodeIsRefused() {
        for (String broken : List.of("\uD83D", "\uDD12", "\uD83Dx", "\uDD12\uD83D")) {
            assertNotNull(Limits.metadataProblem(broken));
            assertNotNull(Limits.sessionNameProblem(broken));
        }
    }

    @Test
    void durationsHaveBothEnds() {
        assertNotNull(Limits.ttlProblem(Limits.TTL_MIN_MILLIS - 1));
        assertNull(Limits.ttlProblem(Limits.TTL_MIN_MILLIS));
        assertNull(Limits.ttlProblem(Limits.TTL_MAX_MILLIS));
        assertNotNull(Limits.ttlProblem(Limits.TTL_MAX_MILLIS + 1));
        assertNotNull(Limits.waitProblem(-1));
        assertNull(Limits.waitProblem(0));
        assertNotNull(Limits.waitProblem(Limits.WAIT_MAX_MILLIS + 1));
    }

    @Test
    void noCommandOutsideTheBoundsCanBeMade() {
        List<Runnable> broken = List.of(
                () -> new Command.OpenSession("", 1000, "", "", 0),
                () -> new Command.OpenSession("k", 0, "", "", 0),
                () -> new Command.OpenSession("k", 1000, "x".repeat(513), "", 0),
                () -> new Command.OpenSession("k", 1000, "", "x".repeat(4097), 0),
                () -> new Command.CloseSession(0, 0),
                () -> new Command.ExpireSessions(List.of(), 0),
                () -> new Command.ExpireSessions(Collections.nCopies(1001, 1L), 0),
                () -> new Command.ExpireSessions(List.of(-1L), 0),
                () -> new Command.Acquire("a/b", 1, "l", Mode.EXCLUSIVE, 0, "", 0),
                () -> new Command.Acquire("g", 0, "l", Mode.EXCLUSIVE, 0, "", 0),
                () -> new Command.Acquire("g", 1, "l", Mode.EXCLUSIVE, -1, "", 0),
                () -> new Command.AcquireAlone("g", "-", Mode.EXCLUSIVE, 1000, 0, "", "", 0),
                () -> new Command.AcquireAlone("g", "l", Mode.EXCLUSIVE, 1, 0, "", "", 0),
                () -> new Command.Acquire("g", 1, List.of(), 0, "", 0),
                () -> new Command.Acquire("g", 1, List.of(Claim.shared("b"), Claim.shared("a")), 0, "", 0),
                () -> new Command.Acquire("g", 1, List.of(Claim.shared("a"), Claim.exclusive("a")), 0, "", 0),
                () -> new Command.Acquire("g", 1, Collections.nCopies(65, Claim.shared("a")), 0, "", 0),
                () -> new Claim("a", Mode.SHARED, 2, 0),
                () -> new Claim("a", Mode.EXCLUSIVE, 1, 1),
                () -> Claim.semaphore("a", 0, 1),
                () -> Claim.semaphore("a", 2, 1),
                () -> Claim.semaphore("a", 1, Limits.PERMITS_MAX + 1),
                () -> new Command.ChangeMode("g", 0, Mode.SEMAPHORE, 0),
                () -> new Command.OpenSession("k", 1000, "", "", -1, 0),
                () -> new Command.OpenSession("k", 1000, "", "", Limits.LOCK_DELAY_MAX_MILLIS + 1, 0),
                () -> new Command.Transfer("g", 0, "a/b", 1, 0),
                () -> new Command.Transfer("g", 0, "h", -1, 0),
                () -> new Command.Break("l", "g", 0, "x".repeat(257), "", 0, 0),
                () -> new Command.Break("l", "g", 0, "", "a\nb", 0, 0),
                () -> new Command.Break("l", "g", 0, "", "", Limits.NOTICE_MAX_MILLIS + 1, 0),
                () -> new LockDelay("l", 0),
                () -> new Command.Release("g", -1, 0),
                () -> new Command.Release("g", Limits.TOKEN_MAX + 1, 0),
                () -> new Command.Release("g", 1, "", -1, 0),
                () -> new Command.Release("g", 1, "", Limits.CLOSED_MAX_MILLIS + 1, 0),
                () -> new Command.Release("g", 1, "h", 1, 0),
                () -> new Command.ExpireWaits(List.of(), 0),
                () -> new Ticket("g", 0),
                () -> new Quotas(0, 1, 1, 1, 1, 1, 1),
                () -> new Quotas(1, 1, 1, 1, 1, 1, Limits.TOKEN_MAX + 1));
        for (int i = 0; i < broken.size(); i++) {
            Runnable one = broken.get(i);
            assertThrows(IllegalArgumentException.class, one::run, "number " + i);
        }
    }

    @Test
    void aRevisionIsWrittenAsEpochAndCounter() {
        assertEquals("0-0", Revision.text(0));
        assertEquals("2147483647-4294967295", Revision.text(Long.MAX_VALUE));
        assertEquals(Long.MAX_VALUE, Revision.parse("2147483647-4294967295"));
        for (String bad :
                List.of("", "-", "1-", "-1", "1--1", "1-x", "2147483648-0", "0-4294967296", "1-1-1", " 1-1")) {
            assertThrows(IllegalArgumentException.class, () -> Revision.parse(bad), bad);
        }
    }
}
