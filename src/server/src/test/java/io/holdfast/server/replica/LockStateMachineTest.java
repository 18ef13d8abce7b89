package io.holdfast.server.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.holdfast.lock.Command;
import io.holdfast.lock.CommandCodec;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.Zxid;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class LockStateMachineTest {

    private final LockStateMachine machine = LockStateMachine.FACTORY.empty();

    private void open(int counter) {
        var command = new Command.OpenSession("key" + counter, 10_000, "", "", 0);
        machine.apply(new Zxid(1, counter), Payload.of(CommandCodec.encode(command)));
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
}
