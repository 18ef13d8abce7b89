package io.holdfast.server.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.ensemble.Mutations;
import io.holdfast.lock.Claim;
import io.holdfast.lock.Command;
import io.holdfast.lock.CommandCodec;
import io.holdfast.lock.LockDelay;
import io.holdfast.lock.Mode;
import io.holdfast.lock.Rules;
import io.holdfast.lock.Ticket;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.node.PayloadOrigin;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Whatever bytes arrive as a command or note: a leader refuses them with a sentence, or every member applies them
 * without an exception, since an exception while applying ends every member at every start.
 *
 * <p>{@code -Dholdfast.hostile.inputs} draws more than the build does, {@code -Dholdfast.hostile.seed} others.
 */
class HostileCommandsTest {

    private static final int INPUTS = Integer.getInteger("holdfast.hostile.inputs", 40_000);
    private static final long SEED = Long.getLong("holdfast.hostile.seed", 1);

    private final Random random = new Random(SEED);
    private final Mutations mutations = new Mutations(SEED);
    private long counter;

    private Zxid next() {
        return new Zxid(1, ++counter);
    }

    private String id(String kind) {
        return kind + random.nextInt(12);
    }

    /** Something that a client may want, mostly of sessions and grants that there are. */
    private Command command() {
        long session = new Zxid(1, 1 + random.nextInt(40)).packed();
        Mode mode = random.nextInt(3) == 0 ? Mode.SHARED : Mode.EXCLUSIVE;
        long at = 60_000 + counter;
        return switch (random.nextInt(14)) {
            case 0, 1 -> new Command.OpenSession(id("key"), 15_000, "name", "{\"a\":1}", at);
            case 2 -> new Command.CloseSession(session, at);
            case 3, 4 -> new Command.Acquire(id("g"), session, id("l"), mode, 30_000, "", at);
            case 5 ->
                new Command.Acquire(
                        id("g"), session, List.of(Claim.shared("a"), Claim.semaphore("b", 3, 10)), 30_000, "", at);
            case 6 -> new Command.AcquireAlone(id("g"), id("l"), mode, 60_000, 10_000, "cron", "{}", at);
            case 7 -> new Command.Release(id("g"), 0, at);
            case 8 -> new Command.ChangeMode(id("g"), 0, mode, at);
            case 9 -> new Command.Transfer(id("g"), 0, id("g"), 30_000, at);
            case 10 -> new Command.Break(id("l"), id("g"), 1 + random.nextInt(50), "10.0.0.1", "stuck", 10_000, at);
            case 11 -> new Command.ExpireDelays(List.of(new LockDelay(id("l"), 5)), at);
            case 12 -> new Command.ExpireWaits(List.of(new Ticket(id("g"), session)), at);
            default -> new Command.ExpireSessions(List.of(session), at);
        };
    }

    @Test
    void noCommandOfAPeerEndsTheNodesThatApplyIt() throws IOException {
        System.out.println("hostile commands: seed " + SEED + ", " + INPUTS + " inputs");
        LockStateMachine machine = LockStateMachine.FACTORY.empty(Rules.NEWEST_LEVEL);
        byte[] other = new byte[0];
        int refused = 0;
        for (int i = 0; i < INPUTS; i++) {
            Command command = command();
            byte[] whole = CommandCodec.encode(command, Rules.NEWEST_LEVEL);
            if (i % 2 == 0) {
                assertNotNull(machine.apply(next(), Payload.of(whole)), command::toString);
            }
            Payload payload = Payload.of(mutations.of(whole, other));
            other = whole;
            String problem = LockStateMachine.FACTORY.screen(payload, PayloadOrigin.PEER, Rules.NEWEST_LEVEL);
            if (problem == null) {
                try {
                    machine.apply(next(), payload);
                } catch (RuntimeException e) {
                    throw new AssertionError(
                            "seed " + SEED + ", input " + i + ": " + CommandCodec.decode(payload.buffer()), e);
                }
            } else {
                assertTrue(!problem.isBlank() && problem.indexOf('\n') < 0, problem);
                refused++;
            }
        }
        assertTrue(refused > INPUTS / 10 && refused < INPUTS - INPUTS / 50, "refused " + refused);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        machine.writeSnapshot(out);
        LockStateMachine read = LockStateMachine.FACTORY.read(new ByteArrayInputStream(out.toByteArray()));
        assertEquals(machine.digest(), read.digest());
    }

    @Test
    void noNoteOfAPeerHurtsTheLeaseClock() {
        byte[] whole = new byte[TouchNote.encode(List.of(1L, 2L, 3L)).length()];
        TouchNote.encode(List.of(1L, 2L, 3L)).buffer().get(whole);
        int refused = 0;
        for (int i = 0; i < INPUTS / 4; i++) {
            Payload note = Payload.of(mutations.of(whole, whole));
            String problem = LockStateMachine.FACTORY.screenNote(note, PayloadOrigin.PEER, Rules.NEWEST_LEVEL);
            if (problem == null) {
                int[] ids = {0};
                TouchNote.decode(note, session -> ids[0]++);
                assertTrue(ids[0] <= note.length() / Long.BYTES);
            } else {
                refused++;
            }
        }
        assertTrue(refused > 0 && refused < INPUTS / 4);
    }
}
