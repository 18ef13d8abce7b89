package io.holdfast.zab.ensemble;

import static io.holdfast.zab.ensemble.EnsembleTest.SMALL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.zab.core.ConfigurationCodec;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.RequestFailure;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.TxnType;
import io.holdfast.zab.core.message.HandOffRequest;
import io.holdfast.zab.core.message.Relayed;
import io.holdfast.zab.core.message.ReplicationMessage;
import io.holdfast.zab.core.message.Request;
import io.holdfast.zab.core.message.RequestRefused;
import io.holdfast.zab.core.message.Touch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What not every member could apply is refused by the leader, wherever it came in, and never proposed. */
class RequestScreenTest {

    private static SimEnsemble started(long seed) {
        SimEnsemble ensemble = new SimEnsemble(seed, 3, 1, SMALL);
        ensemble.startAll();
        ensemble.awaitLeader();
        ensemble.runMillis(500);
        return ensemble;
    }

    /** Every server checks that it never applies the malformed command. */
    @Test
    void aMalformedRequestIsRefusedAsSuchAtEveryServer() {
        SimEnsemble ensemble = started(1);
        for (SimNode node : ensemble.nodes()) {
            long request = ensemble.submitMalformed(node);
            ensemble.await("a refusal", 2_000, () -> ensemble.refusal(request) != null);
            assertEquals(RequestFailure.MALFORMED, ensemble.refusal(request), "at server " + node.id());
        }
        for (SimNode node : ensemble.nodes()) {
            Scenario.answered(ensemble, node, 2_000);
        }
        assertEquals(ensemble.nodes().size(), ensemble.history().committed().size());
    }

    @Test
    void aRequestIsRefusedWhoseBytesAreNotThoseThatCameIn() {
        SimEnsemble ensemble = started(2);
        SimNode leader = ensemble.leader();
        SimNode follower = Scenario.any(ensemble, leader);
        Payload payload = Payload.of(ByteBuffer.allocate(8).putLong(4711).array());
        List<Long> refused = new ArrayList<>();
        ensemble.network().tap((from, to, message) -> {
            ReplicationMessage answer = message instanceof Relayed relayed ? relayed.message() : message;
            if (answer instanceof RequestRefused refusal && refusal.reason() == RequestFailure.MALFORMED) {
                refused.add(refusal.requestId());
            }
            return true;
        });
        Request damaged = new Request(4_711, TxnType.COMMAND, payload, payload.crc32c() ^ 1);
        ensemble.network().forge(follower.id(), leader.id(), damaged);
        Request relayed = new Request(4_712, TxnType.COMMAND, payload, payload.crc32c() ^ 1);
        ensemble.network().forge(follower.id(), leader.id(), new Relayed(new ServerId(4), 1, relayed));
        Request garbage = new Request(4_713, TxnType.CONFIGURATION, payload);
        ensemble.network().forge(follower.id(), leader.id(), garbage);
        ensemble.await("refusals", 2_000, () -> refused.equals(List.of(4_711L, 4_712L, 4_713L)));
        assertEquals(leader, ensemble.awaitLeader());
        assertTrue(ensemble.history().committed().isEmpty());
    }

    @Test
    void aMalformedNoteDoesNotReachTheLeaseClock() {
        SimEnsemble ensemble = started(3);
        SimNode leader = ensemble.leader();
        SimNode follower = Scenario.any(ensemble, leader);
        int before = ensemble.history().touches();
        ensemble.network().forge(follower.id(), leader.id(), new Touch(1, SimNode.MALFORMED));
        ensemble.runMillis(100);
        assertEquals(before, ensemble.history().touches());
        ensemble.network().forge(follower.id(), leader.id(), new Touch(2, Payload.EMPTY));
        ensemble.await(
                "a note that can be read", 2_000, () -> ensemble.history().touches() == before + 1);
        assertEquals(leader, ensemble.awaitLeader());
    }

    @Test
    void aServerThatMayNotAdministerChangesNeitherTheLeaderNorTheMembers() {
        SimEnsemble ensemble = started(5);
        SimNode leader = ensemble.leader();
        SimNode observer = ensemble.node(new ServerId(4));
        ServerId successor = Scenario.any(ensemble, leader).id();
        ensemble.withoutAdministration(observer.id());
        ensemble.handOff(observer, successor);
        ensemble.network().forge(observer.id(), leader.id(), new HandOffRequest(successor));
        ensemble.runMillis(1_000);
        assertEquals(leader, ensemble.awaitLeader());
        Payload members = ConfigurationCodec.payload(leader.status().configuration());
        List<Long> refused = new ArrayList<>();
        ensemble.network().tap((from, to, message) -> {
            ReplicationMessage answer = message instanceof Relayed relayed ? relayed.message() : message;
            if (answer instanceof RequestRefused refusal && refusal.reason() == RequestFailure.MALFORMED) {
                refused.add(refusal.requestId());
            }
            return true;
        });
        Request change = new Request(4_714, TxnType.CONFIGURATION, members);
        ensemble.network().forge(successor, leader.id(), new Relayed(observer.id(), 1, change));
        ensemble.await("a refusal", 2_000, () -> refused.equals(List.of(4_714L)));
    }

    @Test
    void whatWaitsForAHandOffIsBoundedInBytes() {
        SimEnsemble ensemble = started(4);
        SimNode leader = ensemble.leader();
        SimNode follower = Scenario.any(ensemble, leader);
        int[] overloaded = {0};
        ensemble.network().tap((from, to, message) -> {
            if (message instanceof RequestRefused refusal && refusal.reason() == RequestFailure.OVERLOADED) {
                overloaded[0]++;
            }
            return true;
        });
        leader.stallDisk();
        Scenario.others(ensemble, leader, SimNode::stallDisk);
        ensemble.submit(follower);
        ensemble.runMillis(10);
        ensemble.handOff(leader, follower.id());
        int fit = (int) (SMALL.outstandingBytesMax() >> 20);
        Payload large = Payload.of(new byte[1 << 20]);
        for (int i = 0; i < fit + 3; i++) {
            ensemble.network().forge(follower.id(), leader.id(), new Request(900 + i, TxnType.COMMAND, large));
        }
        ensemble.await("those that do not fit are refused", 1_000, () -> overloaded[0] == 3);
    }
}
