package io.holdfast.server.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.holdfast.lock.Applied;
import io.holdfast.lock.ChangeAcl;
import io.holdfast.lock.Command;
import io.holdfast.lock.CommandCodec;
import io.holdfast.lock.CommandVersionException;
import io.holdfast.lock.Result;
import io.holdfast.lock.Rules;
import io.holdfast.lock.acl.Acl;
import io.holdfast.lock.acl.AclChange;
import io.holdfast.lock.acl.AclDocument;
import io.holdfast.lock.acl.AclMode;
import io.holdfast.lock.acl.Observers;
import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.node.PayloadOrigin;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LockStateMachineTest {

    private static final int LEVEL = Configuration.NEWEST_LEVEL;

    private final LockStateMachine machine = LockStateMachine.FACTORY.empty(LEVEL);

    private void open(int counter) {
        var command = new Command.OpenSession("key" + counter, 10_000, "", "", 0);
        machine.apply(new Zxid(1, counter), Payload.of(CommandCodec.encode(command, LEVEL)));
    }

    private void published(int counter, long upTo) {
        machine.apply(new Zxid(1, counter), new PublishedUpTo(1L << 32 | upTo).encode());
    }

    private static LockStateMachine read(byte[] snapshot) throws IOException {
        return LockStateMachine.FACTORY.read(new ByteArrayInputStream(snapshot));
    }

    private byte[] snapshot() throws IOException {
        var out = new ByteArrayOutputStream();
        machine.writeSnapshot(out);
        return out.toByteArray();
    }

    @Test
    void thePositionOfThePublisherIsReplicatedBesideTheTable() throws IOException {
        open(1);
        open(2);
        long before = machine.digest();
        published(3, 1);
        open(4);

        assertEquals(1L << 32 | 1, machine.published());
        assertNotEquals(before, machine.digest());
        LockStateMachine copy = read(snapshot());
        assertEquals(machine.published(), copy.published());
        assertEquals(machine.digest(), copy.digest());
        assertEquals(3, copy.table().sessionCount());
    }

    @Test
    void aPositionNeverGoesBackAndCoversTransactionsThatChangedNothing() {
        open(1);
        published(2, 1);
        assertEquals(1L << 32 | 2, machine.published());
        published(3, 0);

        assertEquals(1L << 32 | 2, machine.published());
    }

    @Test
    void aSnapshotThatEndsBeforeThePositionDoesIsRefused() throws IOException {
        open(1);
        byte[] whole = snapshot();

        for (int missing = 1; missing <= 16; missing++) {
            byte[] cut = Arrays.copyOf(whole, whole.length - missing);
            assertThrows(IOException.class, () -> read(cut), () -> cut.length + " of " + whole.length + " bytes");
        }
    }

    @Test
    void theLevelOfTheLockTableIsThatOfTheProtocol() {
        assertEquals(Configuration.FIRST_LEVEL, Rules.FIRST_LEVEL);
        assertEquals(Configuration.NEWEST_LEVEL, Rules.NEWEST_LEVEL);
    }

    @Test
    void aConfigurationBringsItsLevelIntoForceAndASnapshotKeepsIt() throws IOException {
        LockStateMachine raised = LockStateMachine.FACTORY.empty(Configuration.FIRST_LEVEL);
        assertEquals(Configuration.FIRST_LEVEL, raised.table().rules().level());
        raised.reconfigured(new Zxid(1, 1), LEVEL);
        machine.reconfigured(new Zxid(1, 1), LEVEL);
        assertEquals(machine.digest(), raised.digest());
        assertEquals(LEVEL, read(snapshot()).table().rules().level());
    }

    @Test
    void whatIsNoCommandChangesNothingAndStopsNobody() {
        open(1);
        long before = machine.table().sessionCount();
        byte[] good = CommandCodec.encode(new Command.OpenSession("k", 10_000, "", "", 0), LEVEL);
        byte[][] bad = {
            {},
            {4},
            {(byte) 0},
            {2, 1, 0, 0, 0, 0, 0, 0, 0, 0},
            {4, 99, 0, 0, 0, 0, 0, 0, 0, 0},
            Arrays.copyOf(good, good.length - 1),
            Arrays.copyOf(good, good.length + 1),
            {0x50},
            {0x50, 1, 0},
            {0x50, 0, 0, 0, 0, 0, 0, 0, 0, 0},
        };
        int counter = 1;
        for (byte[] bytes : bad) {
            counter++;
            Object result = machine.apply(new Zxid(1, counter), Payload.of(bytes));
            assertInstanceOf(Result.Malformed.class, ((Applied) result).result());
            assertEquals(new Zxid(1, counter).packed(), machine.table().revision());
        }
        assertEquals(before, machine.table().sessionCount());
    }

    @Test
    void aVersionOfANewerReleaseStopsAReplica() {
        Payload newer = Payload.of(new byte[] {5, 1, 0, 0, 0, 0, 0, 0, 0, 0});
        assertThrows(CommandVersionException.class, () -> machine.apply(new Zxid(1, 1), newer));
        Payload position = Payload.of(new byte[] {0x50, 2, 0, 0, 0, 0, 0, 0, 0, 0});
        assertThrows(IllegalStateException.class, () -> machine.apply(new Zxid(1, 1), position));
    }

    private static @Nullable String screened(byte[] bytes, PayloadOrigin origin, int level) {
        return LockStateMachine.FACTORY.screen(Payload.of(bytes), origin, level);
    }

    @Test
    void aLeaderProposesNoCommandThatThePeersWouldNotRead() {
        byte[] open = CommandCodec.encode(new Command.OpenSession("k", 10_000, "", "", 0), LEVEL);
        byte[] expire = CommandCodec.encode(new Command.ExpireSessions(List.of(7L), 0), LEVEL);
        byte[] position = new byte[10];
        new PublishedUpTo(7).encode().buffer().get(position);
        assertNull(screened(open, PayloadOrigin.PEER, LEVEL));
        assertNull(screened(open, PayloadOrigin.OWN, LEVEL));
        assertNull(screened(expire, PayloadOrigin.OWN, LEVEL));
        assertNull(screened(position, PayloadOrigin.OWN, LEVEL));

        assertNotNull(screened(expire, PayloadOrigin.PEER, LEVEL));
        assertNotNull(screened(position, PayloadOrigin.PEER, LEVEL));
        for (PayloadOrigin origin : PayloadOrigin.values()) {
            assertNotNull(screened(open, origin, 2));
            assertNotNull(screened(new byte[0], origin, LEVEL));
            assertNotNull(screened(new byte[] {9}, origin, LEVEL));
        }
        assertNotNull(screened(Arrays.copyOf(open, open.length + 1), PayloadOrigin.PEER, LEVEL));
    }

    /** A member without a vote may be taken over: what its own code does not pass on may come all the same. */
    @Test
    void aLeaderTakesFromMembersWithoutAVoteWhatTheRulesLetThemPassOn() {
        byte[] taking = CommandCodec.encode(new Command.Break("l", "g", 0, "by", "why", 0, 0), LEVEL);
        byte[] opening = CommandCodec.encode(new Command.OpenSession("k", 10_000, "", "", 0), LEVEL);
        byte[] rules = CommandCodec.encode(new ChangeAcl(0, new AclChange.SetMode(AclMode.OPEN), 0), LEVEL);
        byte[] note = {1, 0, 0, 0, 0};
        for (Observers observers : Observers.values()) {
            AclDocument enforced = new AclDocument(AclMode.ENFORCE, observers, List.of(), List.of(), List.of());
            var factory = LockStateMachine.factory(() -> new Acl(1, enforced, List.of()));
            var carried = Stream.of(taking, opening, rules)
                    .map(each -> factory.screen(Payload.of(each), PayloadOrigin.OBSERVER, LEVEL) == null)
                    .toList();
            assertEquals(
                    List.of(observers == Observers.ALL, observers != Observers.NONE, false),
                    carried,
                    observers::toString);
            assertEquals(
                    observers == Observers.NONE,
                    factory.screenNote(Payload.of(note), PayloadOrigin.OBSERVER, LEVEL) != null);
            assertNotNull(factory.screenAdministration(PayloadOrigin.OBSERVER));
            for (byte[] each : List.of(taking, opening, rules)) {
                assertNull(factory.screen(Payload.of(each), PayloadOrigin.PEER, LEVEL));
                assertNull(factory.screen(Payload.of(each), PayloadOrigin.OWN, LEVEL));
            }
            assertNull(factory.screenAdministration(PayloadOrigin.PEER));
        }
        assertNull(screened(taking, PayloadOrigin.OBSERVER, LEVEL), "no rules are enforced");
        assertNull(LockStateMachine.FACTORY.screenAdministration(PayloadOrigin.OBSERVER));
    }

    @Test
    void aLeaderTakesNoNoteThatItCannotRead() {
        byte[] note = new byte[1 + 4 + 16];
        TouchNote.encode(List.of(7L, 8L)).buffer().get(note);
        assertNull(screenedNote(note));
        assertNull(screenedNote(new byte[] {1, 0, 0, 0, 0}));
        byte[][] bad = {
            {},
            {1},
            {1, 0, 0, 0, 1},
            {2, 0, 0, 0, 0},
            {0, 0, 0, 0, 0},
            {1, -1, -1, -1, -1},
            {1, 0x20, 0, 0, 0},
            Arrays.copyOf(note, note.length - 1),
            Arrays.copyOf(note, note.length + 1)
        };
        for (byte[] each : bad) {
            assertNotNull(screenedNote(each), () -> Arrays.toString(each));
        }
    }

    private static @Nullable String screenedNote(byte[] bytes) {
        return LockStateMachine.FACTORY.screenNote(Payload.of(bytes), PayloadOrigin.PEER, LEVEL);
    }

    /** These lie in logs, or travel between releases: another form of them belongs to another version. */
    @Test
    void positionsAndNotesAreWrittenAsEver() throws IOException {
        assertEquals("50010000000700000009", hex(new PublishedUpTo(7L << 32 | 9).encode()));
        assertEquals(
                "0100000002000000000000000700000001" + "00000002", hex(TouchNote.encode(List.of(7L, 1L << 32 | 2))));
        open(1);
        published(2, 1);
        byte[] state = snapshot();
        String tail = HexFormat.of().formatHex(Arrays.copyOfRange(state, state.length - 16, state.length));
        assertEquals("00000001000000020000000100000001", tail);
    }

    private static String hex(Payload payload) {
        byte[] bytes = new byte[payload.length()];
        payload.buffer().get(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
