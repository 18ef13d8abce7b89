package io.holdfast.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.lock.acl.AclChange;
import io.holdfast.lock.acl.Binding;
import io.holdfast.lock.acl.Policy;
import io.holdfast.lock.acl.Rule;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CommandCodecTest {

    private static final String LONGEST_NAME = "n".repeat(Limits.LOCK_NAME_CHARS);
    private static final String LONGEST_ID = "i".repeat(Limits.ID_CHARS);
    private static final String LOCK_SIGN = "\uD83D\uDD12";

    private static final List<Claim> SET =
            List.of(Claim.shared("a"), Claim.semaphore("a/b", 3, 10_000), Claim.exclusive("b"));

    private static final List<Command> SAMPLES = List.of(
            new Command.OpenSession(
                    "key", 15_000, "billing-7f9c", "{\"a\":\"ä" + LOCK_SIGN + "\"}", 1_700_000_000_000L),
            new Command.OpenSession(LONGEST_ID, 500, LOCK_SIGN.repeat(256), "x".repeat(4096), Long.MIN_VALUE),
            new Command.CloseSession(Long.MAX_VALUE, -1),
            new Command.ExpireSessions(List.of(1L, 1L << 32), 5),
            new Command.ExpireSessions(LongStream.rangeClosed(1, 1000).boxed().toList(), 5),
            new Command.Acquire("g", 77, "payments/settlement/2026-11", Mode.EXCLUSIVE, 300_000, "", 8),
            new Command.Acquire(LONGEST_ID, 77, LONGEST_NAME, Mode.EXCLUSIVE, 0, LOCK_SIGN.repeat(1024), 8),
            new Command.AcquireAlone("g", "a:b@c.d_e-f", Mode.EXCLUSIVE, 60_000, 10_000, "cron", "{}", 9),
            new Command.Acquire("g", 77, SET, 300_000, "", 8),
            new Command.AcquireAlone("g", SET, 60_000, 10_000, "cron", "{}", 9),
            new Command.ChangeMode("g", 0, Mode.SHARED, 10),
            new Command.ChangeMode(LONGEST_ID, Limits.TOKEN_MAX, Mode.EXCLUSIVE, 10),
            new Command.OpenSession("key", 15_000, "", "", 60_000, 4),
            new Command.Transfer("g", 0, "h", 30_000, 10),
            new Command.Transfer(LONGEST_ID, Limits.TOKEN_MAX, LONGEST_ID, 0, 10),
            new Command.Break("a/b", "g", 7, "10.0.0.1", "stuck " + LOCK_SIGN, 10_000, 10),
            new Command.ExpireDelays(List.of(new LockDelay("a/b", 5), new LockDelay(LONGEST_NAME, 6)), 11),
            new Command.ExpireYields(List.of(new Ticket("g", 1)), 11),
            new Command.ExpireBreaks(List.of(new Ticket("g", 1)), 11),
            new Command.SetStateBytes(1L << 20, 10),
            new Command.ContinueEndings(10),
            new Command.Release("g", 0, 10),
            new Command.Release("g", 3, LONGEST_ID, 0, 10),
            new Command.Release("g", 3, "", Limits.CLOSED_MAX_MILLIS, 10),
            new Command.CloseSession(7, LOCK_SIGN.repeat(128), 10),
            new Command.CloseSession(7, "10.0.0.1", true, 10),
            new Command.ChangeLimit("a/b", Limits.PERMITS_MAX, 10),
            new Command.Attach(7, LONGEST_ID, 10),
            new Command.Release("g", Limits.TOKEN_MAX, 10),
            new Command.ExpireWaits(List.of(new Ticket("g", 1), new Ticket("h", Long.MAX_VALUE)), 11),
            new ChangeAcl(
                    3,
                    new AclChange.PutPolicy(
                            new Policy(LONGEST_ID, List.of(Rule.of(List.of("acquire", "admin"), LONGEST_NAME)))),
                    11),
            new ChangeAcl(
                    0,
                    new AclChange.PutBinding(new Binding("b", LONGEST_ID, List.of("\u20ac".repeat(512), "group:*"))),
                    11),
            new ChangeAcl(Long.MAX_VALUE, new AclChange.DeleteKey(LONGEST_ID), 11),
            new Judged(1, new Command.Acquire(LONGEST_ID, 77, SET, 0, LOCK_SIGN.repeat(1024), 8)),
            new Judged(Long.MAX_VALUE, new Command.CloseSession(7, "10.0.0.1", 10)),
            new OnBehalf("p".repeat(Limits.PRINCIPAL_CHARS), new Command.Release("g", 3, LONGEST_ID, 0, 10)),
            new OnBehalf("\u20ac".repeat(Limits.PRINCIPAL_CHARS), new Command.OpenSession("key", 15_000, "", "", 4)),
            new Judged(1, new OnBehalf(OnBehalf.ANONYMOUS, new Command.Acquire("g", 77, SET, 0, "", 8))),
            new Command.ExpireWaits(Collections.nCopies(1000, new Ticket(LONGEST_ID, 4)), 11));

    private static byte[] encoded(Command command) {
        return CommandCodec.encode(command, Rules.NEWEST_LEVEL);
    }

    @Test
    void whatWasEncodedIsDecodedAgain() {
        for (Command command : SAMPLES) {
            assertEquals(command, CommandCodec.decode(encoded(command)));
        }
    }

    @Test
    void aCommandIsReadFromTheMiddleOfAReadOnlyBuffer() {
        byte[] bytes = encoded(SAMPLES.get(0));
        ByteBuffer buffer = ByteBuffer.allocate(bytes.length + 7);
        buffer.position(3).put(bytes).flip().position(3);
        assertEquals(SAMPLES.get(0), CommandCodec.decode(buffer.asReadOnlyBuffer()));
    }

    /** The bytes of version 3 lie in logs: they must be understood for ever. */
    @Test
    void versionThreeStaysAsItIs() {
        assertEquals(
                "0304000000000000000800016700000000" + "0000004d0100016c0100000000000493e000027b7d",
                hex(new Command.Acquire("g", 77, "l", Mode.EXCLUSIVE, 300_000, "{}", 8)));
        assertEquals(
                "0301000000000000000100016b0000000000003a9800016e0000" + "0000000000000000",
                hex(new Command.OpenSession("k", 15_000, "n", "", 1)));
        assertEquals("030200000000000000010000000300000001", hex(new Command.CloseSession(3L << 32 | 1, 1)));
        assertEquals("0303000000000000000100010000000000000007", hex(new Command.ExpireSessions(List.of(7L), 1)));
        assertEquals(
                "03050000000000000001000167" + "0100016c01" + "000000000000ea60" + "0000000000000005" + "00016e"
                        + "0000",
                hex(new Command.AcquireAlone("g", "l", Mode.EXCLUSIVE, 60_000, 5, "n", "", 1)));
        assertEquals(
                "0304000000000000000800016700000000" + "0000004d" + "02" + "00016102" + "00016203" + "00020005"
                        + "0000000000000000" + "0000",
                hex(new Command.Acquire("g", 77, List.of(Claim.shared("a"), Claim.semaphore("b", 2, 5)), 0, "", 8)));
        assertEquals(
                "030800000000000000010001670000000000000007" + "02",
                hex(new Command.ChangeMode("g", 7, Mode.SHARED, 1)));
        assertEquals("030600000000000000010001670000000000000011", hex(new Command.Release("g", 17, 1)));
        assertEquals(
                "030700000000000000010001" + "0001670000000000000007",
                hex(new Command.ExpireWaits(List.of(new Ticket("g", 7)), 1)));
    }

    @Test
    void bytesThatAreCutOffAnywhereAreRefused() {
        for (Command command : SAMPLES) {
            byte[] bytes = encoded(command);
            for (int length = 0; length < bytes.length; length += step(bytes)) {
                byte[] cut = Arrays.copyOf(bytes, length);
                String message = refused(cut);
                assertTrue(message.contains("ends inside"), message);
            }
        }
    }

    @Test
    void bytesLeftOverAreRefused() {
        for (Command command : SAMPLES) {
            byte[] bytes = encoded(command);
            String message = refused(Arrays.copyOf(bytes, bytes.length + 1));
            assertTrue(message.contains("1 bytes left over"), message);
        }
    }

    @Test
    void everyFlippedBitGivesACommandThatCanBeOrAClearRefusal() {
        for (Command command : SAMPLES) {
            byte[] bytes = encoded(command);
            for (int bit = 0; bit < bytes.length * 8; bit += step(bytes)) {
                byte[] flipped = bytes.clone();
                flipped[bit / 8] ^= (byte) (1 << bit % 8);
                decodedOrRefused(flipped);
            }
        }
    }

    @Test
    void randomBytesGiveACommandThatCanBeOrAClearRefusal() {
        for (long seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            if (bytes.length > 1) {
                bytes[0] = (byte) (CommandCodec.FIRST_VERSION + random.nextInt(2));
                bytes[1] = (byte) (1 + random.nextInt(15));
            }
            decodedOrRefused(bytes);
        }
    }

    @Test
    void anotherVersionKindOrModeSaysToUpgrade() {
        byte[] bytes = encoded(new Command.Acquire("g", 7, "l", Mode.EXCLUSIVE, 0, "", 0));
        assertEquals(
                "command of version 5, this release knows 3 to 4: upgrade this server", refused(with(bytes, 0, 5)));
        assertEquals(
                "command of kind 99 is not known to this release: upgrade this server", refused(with(bytes, 1, 99)));
        int mode = 10 + 3 + 8 + 1 + 3;
        assertEquals("mode 9 is not known to this release: upgrade this server", refused(with(bytes, mode, 9)));
    }

    @Test
    void valuesThatNoConstructorTakesAreRefusedByName() {
        byte[] open = encoded(new Command.OpenSession("k", 15_000, "n", "", 1));
        assertTrue(refused(with(open, 12, '/')).contains("an id has only"));
        assertTrue(refused(with(open, 13, 1)).contains("a ttl is 500 to"));
        assertTrue(refused(with(open, 23, 7)).contains("no control characters"));
        assertTrue(refused(with(open, 23, 0xC3)).contains("name is not UTF-8"));
        byte[] close = encoded(new Command.CloseSession(1, 1));
        assertTrue(refused(with(close, 17, 0)).contains("a session id is a revision above 0"));
        byte[] expire = encoded(new Command.ExpireSessions(List.of(7L), 1));
        assertTrue(refused(with(expire, 10, 0xFF)).contains("at most 1000"));
        byte[] none = Arrays.copyOf(with(expire, 11, 0), 12);
        assertTrue(refused(none).contains("1 to 1000 items"));
    }

    /** Every place of most commands, and many of the longest. */
    private static int step(byte[] bytes) {
        return bytes.length > 10_000 ? 997 : bytes.length > 1000 ? 37 : 1;
    }

    private static void decodedOrRefused(byte[] bytes) {
        Command command;
        try {
            command = CommandCodec.decode(bytes);
        } catch (CommandFormatException e) {
            assertTrue(e.getMessage().length() > 10);
            return;
        }
        // What can be decoded is a command like any other, in its one form.
        assertEquals(
                ByteBuffer.wrap(bytes),
                ByteBuffer.wrap(CommandCodec.encode(command, bytes[0] == CommandCodec.FIRST_VERSION ? 2 : 3)));
    }

    @Test
    void aLevelWritesAndTakesNothingThatItDoesNotKnow() {
        Command escaped = new Command.Acquire("g", 7, "a~20b", Mode.EXCLUSIVE, 0, "", 0);
        String refusal = Rules.at(2).refusal(escaped);
        assertTrue(refusal != null && refusal.contains("needs level 3"), refusal);
        assertThrows(IllegalArgumentException.class, () -> CommandCodec.encode(escaped, 2));

        byte[] newer = encoded(escaped);
        assertEquals(escaped, CommandCodec.decode(newer));
        assertTrue(refused(with(newer, 0, 3)).contains("needs level 3"));
        assertEquals("it is of version 4, and level 2 knows 3 to 3", problem(newer, 2));
        assertNull(problem(newer, 3));
        assertNull(problem(CommandCodec.encode(new Command.CloseSession(7, 1), 2), 3));
        assertNotNull(CommandCodec.problemOfOwn(ByteBuffer.wrap(newer), 2));
        assertNull(CommandCodec.problemOfOwn(ByteBuffer.wrap(newer), 3));
    }

    @Test
    void aPeerSendsNeitherWhatIsMalformedNorWhatIsMadeByLeaders() {
        for (Command command : SAMPLES) {
            byte[] bytes = encoded(command);
            assertEquals(command.isLeaders(), problem(bytes, 3) != null, command::toString);
            assertEquals(command.isLeaders(), command.toString().matches("(Expire|SetState|Continue).*"));
            assertNotNull(problem(Arrays.copyOf(bytes, bytes.length + 1), 3));
            assertNotNull(problem(Arrays.copyOf(bytes, bytes.length - 1), 3));
            assertNotNull(problem(with(bytes, 0, 99), 3));
            assertNotNull(problem(with(bytes, 0, 0), 3));
        }
        assertNotNull(problem(new byte[0], 3));
    }

    private static @Nullable String problem(byte[] bytes, int level) {
        return CommandCodec.problemOfPeers(ByteBuffer.wrap(bytes), level);
    }

    private static String refused(byte[] bytes) {
        return assertThrows(CommandFormatException.class, () -> CommandCodec.decode(bytes))
                .getMessage();
    }

    private static byte[] with(byte[] bytes, int at, int value) {
        byte[] copy = bytes.clone();
        copy[at] = (byte) value;
        return copy;
    }

    private static String hex(Command command) {
        return HexFormat.of().formatHex(CommandCodec.encode(command, 2));
    }
}
