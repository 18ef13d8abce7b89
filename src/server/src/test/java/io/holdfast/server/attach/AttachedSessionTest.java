package io.holdfast.server.attach;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.lock.Breaking;
import io.holdfast.lock.Cause;
import io.holdfast.lock.Change;
import io.holdfast.lock.Claim;
import io.holdfast.lock.GrantView;
import io.holdfast.lock.Yield;
import io.holdfast.server.replica.Answer;
import io.holdfast.server.replica.AppliedAt;
import io.holdfast.server.replica.KeptAlive;
import io.holdfast.server.replica.Revision;
import io.holdfast.server.stream.Outlet;
import io.netty.buffer.ByteBuf;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class AttachedSessionTest {

    private static final long MILLI = 1_000_000;

    /** Hours, so that what a test takes does not count. */
    private static final long TTL = 28_800_000 * MILLI;

    private final StringBuilder said = new StringBuilder();
    private boolean drained = true;
    private boolean full;
    private boolean cut;
    private boolean ended;
    private int vanished;
    private int renewals;
    private Uni<Answer<KeptAlive>> lease = Uni.createFrom().item(alive("3-10"));

    private final AttachedSession session = attached(true);

    private AttachedSession attached(boolean renews) {
        return new AttachedSession(new AttachedSession.Parts(
                outlet(),
                "mine",
                new AttachedSession.Inquiry(renews, () -> {
                    renewals++;
                    return lease;
                }),
                () -> Future.succeededFuture(drained),
                () -> {},
                () -> vanished++));
    }

    private Outlet outlet() {
        return new Outlet() {
            @Override
            public void write(Buffer bytes) {
                said.append(bytes);
            }

            @Override
            public void write(ByteBuf shared) {
                said.append(shared.toString(StandardCharsets.US_ASCII));
                shared.release();
            }

            @Override
            public boolean isFull() {
                return full;
            }

            @Override
            public void end() {
                ended = true;
            }

            @Override
            public void cut() {
                cut = true;
            }
        };
    }

    private static Answer<KeptAlive> alive(String revision) {
        return answer(KeptAlive.State.ALIVE, revision);
    }

    private static Answer<KeptAlive> answer(KeptAlive.State state, String revision) {
        return answer(state, revision, "mine");
    }

    private static Answer<KeptAlive> answer(KeptAlive.State state, String revision, String attachId) {
        return new Answer<>(
                new KeptAlive("3-1", state, TTL / MILLI, List.of(), List.of(), 0, attachId),
                new AppliedAt(Revision.parse(revision), 1, "leader", 0));
    }

    private static Change change(Change.Kind kind, Cause cause) {
        return new Change(kind, "lock", "grant", 4, 5, 6, cause, 0, null);
    }

    private String events() {
        return said.toString()
                .lines()
                .filter(line -> line.startsWith("event: "))
                .map(line -> line.substring(7))
                .reduce("", (a, b) -> a + " " + b)
                .strip();
    }

    private void changed(int counter, Change.Kind kind, Cause cause) {
        session.changed(3L << 32 | counter, change(kind, cause), null);
    }

    @Test
    void aLeaseIsRenewedFourTimesInItsTtl() {
        session.begin(alive("3-10"));
        long now = System.nanoTime();
        session.tick(now);
        assertEquals(0, renewals);
        session.tick(now + TTL / 4);

        assertEquals(1, renewals);
        assertEquals("attached renewed", events());
        assertTrue(said.toString().contains("\"ttlMs\":28800000,\"driftPerMille\":1,\"elapsedMs\":"), said.toString());
    }

    @Test
    void aSessionThatANewerProcessTookOverIsRenewedNoMore() {
        session.begin(alive("3-10"));
        lease = Uni.createFrom().item(answer(KeptAlive.State.ALIVE, "3-12", "another"));
        session.changed(
                3L << 32 | 11, new Change(Change.Kind.SESSION_ATTACHED, null, null, 4, 0, 0, null, 0, null), null);

        assertEquals("attached superseded", events());
        assertTrue(ended);
        session.tick(System.nanoTime() + TTL);
        assertEquals(1, renewals);
    }

    @Test
    void aSessionThatWasTakenOverUnseenIsNotRenewedEither() {
        session.begin(alive("3-10"));
        lease = Uni.createFrom().item(answer(KeptAlive.State.ALIVE, "3-12", "another"));
        session.tick(System.nanoTime() + TTL / 4);

        assertEquals("attached superseded", events());
        assertTrue(ended);
    }

    @Test
    void aClientThatDidNotAcknowledgeTheLastRenewalIsNotRenewedAndThenLetGo() {
        session.begin(alive("3-10"));
        drained = false;
        long now = System.nanoTime();
        session.tick(now + TTL / 4);
        session.tick(now + TTL / 2);
        assertFalse(cut);
        session.tick(now + TTL * 3 / 4 + 2 * MILLI);

        assertEquals(0, renewals);
        assertTrue(cut);
        assertEquals(1, vanished);
    }

    @Test
    void aClientThatAnswersAgainIsRenewedAgain() {
        session.begin(alive("3-10"));
        drained = false;
        long now = System.nanoTime();
        session.tick(now + TTL / 4);
        drained = true;
        session.tick(now + TTL / 2);
        session.tick(now + TTL);

        assertFalse(cut);
        assertEquals("attached renewed renewed", events());
    }

    @Test
    void whatHappensToTheSessionIsSaidOnceAndInOrder() {
        changed(9, Change.Kind.GRANTED, null);
        changed(11, Change.Kind.GRANTED, null);
        session.begin(alive("3-10"));
        changed(12, Change.Kind.WAITING, null);
        changed(13, Change.Kind.RELEASED, Cause.REQUESTED);
        changed(14, Change.Kind.CANCELLED, Cause.WAIT_OVER);

        assertEquals("attached granted lost", events());
    }

    @Test
    void severalChangesOfOneTransactionAreAllSaid() {
        session.begin(alive("3-10"));
        changed(11, Change.Kind.EXPIRED, Cause.SESSION_EXPIRED);
        changed(11, Change.Kind.EXPIRED, Cause.SESSION_EXPIRED);
        changed(11, Change.Kind.SESSION_ENDED, Cause.SESSION_EXPIRED);
        changed(12, Change.Kind.GRANTED, null);

        assertEquals("attached lost lost ended", events());
        assertTrue(ended);
    }

    @Test
    void aLeaseThatIsOverEndsTheStream() {
        session.begin(alive("3-10"));
        lease = Uni.createFrom().item(answer(KeptAlive.State.ENDED, "3-20"));
        session.tick(System.nanoTime() + TTL / 4);

        assertEquals("attached ended", events());
        assertTrue(ended);
    }

    @Test
    void aRenewalThatFailsIsNotSaidAndIsTriedAgain() {
        session.begin(alive("3-10"));
        lease = Uni.createFrom().failure(new IllegalStateException("no leader"));
        long now = System.nanoTime();
        session.tick(now + TTL / 4);
        assertEquals("attached", events());
        lease = Uni.createFrom().item(alive("4-1"));
        session.tick(now + TTL / 2);

        assertEquals("attached renewed", events());
        assertFalse(cut);
    }

    @Test
    void aStateThatWasReplacedIsSaidAnew() {
        session.begin(alive("3-10"));
        session.replaced();
        changed(15, Change.Kind.GRANTED, null);
        changed(25, Change.Kind.GRANTED, null);
        lease = Uni.createFrom().item(alive("3-20"));
        session.tick(System.nanoTime());

        assertEquals("attached attached granted", events());
    }

    @Test
    void aClientThatDoesNotReadCostsNothingMoreAndIsToldWhatIsThereOnceItReads() {
        session.begin(alive("3-10"));
        full = true;
        int before = said.length();
        for (int i = 11; i < 5_000; i++) {
            changed(i, Change.Kind.GRANTED, null);
        }
        long now = System.nanoTime();
        session.tick(now);
        assertEquals(before, said.length());
        assertEquals(0, renewals);
        full = false;
        lease = Uni.createFrom().item(alive("3-6000"));
        session.tick(now + MILLI);

        assertEquals("attached attached", events());
        lease = Uni.createFrom().item(alive("3-6001"));
        session.tick(now + 2 * MILLI);
        assertEquals("attached attached attached", events());
        changed(6_002, Change.Kind.GRANTED, null);
        assertEquals("attached attached attached granted", events());
        assertFalse(cut);
    }

    @Test
    void aClientThatDoesNotReadForLongIsLetGoOf() {
        session.begin(alive("3-10"));
        full = true;
        changed(11, Change.Kind.GRANTED, null);
        long now = System.nanoTime();
        session.tick(now);
        session.tick(now + TTL / 2 + 2 * MILLI);

        assertTrue(cut);
        assertEquals(1, vanished);
    }

    @Test
    void anotherConnectionOfTheSessionEndsThisOne() {
        session.begin(alive("3-10"));
        session.superseded("", "3-1", "3-12");
        changed(11, Change.Kind.GRANTED, null);

        assertTrue(ended);
        assertEquals("attached", events());
    }

    @Test
    void aNodeThatLeavesEndsTheStreamAndRenewsNoMore() {
        session.begin(alive("3-10"));
        session.leave();
        session.tick(System.nanoTime() + TTL / 4);

        assertTrue(ended);
        assertEquals(0, renewals);
        assertTrue(said.toString().endsWith("\n\n: this node does not serve it any more\n\n"), said.toString());
    }

    @Test
    void aConnectionThatDoesNotRenewSaysHowFarTheNodeIsAndNothingOfTheLease() {
        AttachedSession quiet = attached(false);
        quiet.begin(alive("3-10"));
        lease = Uni.createFrom().item(alive("3-12"));
        quiet.tick(System.nanoTime() + TTL / 4);
        assertEquals("attached bookmark", events());
        assertTrue(said.toString().endsWith("data: {\"revision\":\"3-12\",\"ageMs\":0}\n\n"), said.toString());
        assertFalse(said.toString().contains("ttlMs"), said.toString());

        lease = Uni.createFrom().item(answer(KeptAlive.State.ENDED, "3-20"));
        quiet.tick(System.nanoTime() + TTL);
        assertEquals("attached bookmark ended", events());
        assertTrue(ended);
    }

    @Test
    void aConnectionThatDoesNotRenewEndsWhenItsClientVanished() {
        AttachedSession quiet = attached(false);
        quiet.begin(alive("3-10"));
        drained = false;
        long now = System.nanoTime();
        quiet.tick(now + TTL / 4);
        quiet.tick(now + TTL);

        assertTrue(cut);
        assertEquals(1, vanished);
    }

    @Test
    void aHolderIsToldEveryNoticeWithWhatItSays() {
        session.begin(alive("3-10"));
        session.changed(
                3L << 32 | 11, change(Change.Kind.YIELD_REQUESTED, null), holder(new Yield("next", 9, 5_000, 1), null));
        changed(12, Change.Kind.YIELD_LAPSED, null);
        var breaking = new Breaking("10.0.0.7", "stuck \"hard\" \u00e4", 10_000, 2);
        session.changed(3L << 32 | 13, change(Change.Kind.BREAK_ANNOUNCED, null), holder(null, breaking));

        assertEquals("attached yield-requested yield-lapsed break-announced", events());
        assertTrue(said.toString().contains(",\"to\":\"next\",\"drainMs\":5000}"), said.toString());
        assertTrue(
                said.toString().contains("\"reason\":\"stuck \\u0022hard\\u0022 \\u00e4\",\"afterMs\":10000}"),
                said.toString());
    }

    private static GrantView holder(Yield yield, Breaking breaking) {
        return new GrantView(
                "grant",
                List.of(Claim.exclusive("lock")),
                4,
                "",
                5,
                6,
                0,
                null,
                0,
                "",
                0,
                0,
                yield,
                breaking,
                "anonymous");
    }
}
