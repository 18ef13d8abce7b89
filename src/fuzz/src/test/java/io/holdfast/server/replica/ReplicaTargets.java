package io.holdfast.server.replica;

import io.holdfast.fuzz.FuzzTarget;
import io.holdfast.lock.LockTargets;
import io.holdfast.lock.Rules;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.node.PayloadOrigin;
import java.util.List;
import java.util.Set;

/** What a peer may have the leader propose, and what then is applied at each member. */
public final class ReplicaTargets {

    /** After so many inputs a machine is replaced, so that it does not become the state of all of them. */
    private static final int INPUTS_PER_MACHINE = 2_000;

    private LockStateMachine machine = LockStateMachine.FACTORY.empty(Rules.NEWEST_LEVEL);
    private long applied;

    private ReplicaTargets() {}

    /** Returns those of this package. */
    public static List<FuzzTarget> all() {
        byte[] note = bytes(TouchNote.encode(List.of(1L, 1L << 32 | 7, Long.MAX_VALUE)));
        return List.of(
                new FuzzTarget(
                        "applied-commands",
                        Set.of(LockStateMachine.class),
                        LockTargets.commands(),
                        6_000,
                        Set.of(Screened.class),
                        new ReplicaTargets()::applied),
                new FuzzTarget(
                        "positions-of-the-publisher",
                        Set.of(PublishedUpTo.class),
                        List.of(bytes(new PublishedUpTo(1L << 32 | 5).encode())),
                        1_000,
                        // Of a version that only a later release writes; a peer's is refused before.
                        Set.of(Screened.class, IllegalStateException.class),
                        ReplicaTargets::published),
                new FuzzTarget(
                        "notes",
                        Set.of(TouchNote.class),
                        List.of(note),
                        3_000,
                        Set.of(IllegalArgumentException.class),
                        input -> TouchNote.decode(Payload.of(input), session -> {})));
    }

    /** A leader refuses it before it is proposed. */
    private static final class Screened extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private void applied(byte[] input) throws Screened {
        Payload payload = Payload.of(input);
        if (LockStateMachine.FACTORY.screen(payload, PayloadOrigin.PEER, Rules.NEWEST_LEVEL) != null) {
            throw new Screened();
        }
        if (applied % INPUTS_PER_MACHINE == 0) {
            machine = LockStateMachine.FACTORY.empty(Rules.NEWEST_LEVEL);
        }
        machine.apply(new Zxid(1, ++applied), payload);
    }

    private static void published(byte[] input) throws Screened {
        Payload payload = Payload.of(input);
        if (!PublishedUpTo.is(payload) || PublishedUpTo.problem(payload) != null) {
            throw new Screened();
        }
        PublishedUpTo.decode(payload);
    }

    private static byte[] bytes(Payload payload) {
        byte[] bytes = new byte[payload.length()];
        payload.buffer().get(bytes);
        return bytes;
    }
}
