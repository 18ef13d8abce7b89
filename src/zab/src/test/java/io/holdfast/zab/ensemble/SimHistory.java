package io.holdfast.zab.ensemble;

import io.holdfast.zab.core.Phase;
import io.holdfast.zab.core.RequestFailure;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.SyncMode;
import io.holdfast.zab.core.Trace;
import io.holdfast.zab.core.Txn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** All events of a run, on all servers, and the invariants on them (correctness.md#the-simulator). */
final class SimHistory {

    private final SimEnsemble ensemble;

    /** The one order: whatever any server delivered at a place, every server delivers there. */
    private final List<Txn> committed = new ArrayList<>();

    private final Map<Long, ServerId> leaders = new TreeMap<>();
    private final Map<Long, Integer> readsBegun = new LinkedHashMap<>();
    private final List<String> timeline = new ArrayList<>();
    private final Map<SyncMode, Integer> syncs = new TreeMap<>();
    private final Set<Long> undone = new TreeSet<>();
    private boolean divergenceExpected;
    private int acknowledged;
    private int highestAcknowledgedPlace;
    private int failures;
    private int reads;
    private int touches;
    private int confirmedTouches;
    private int failedTouches;
    private boolean lies;

    SimHistory(SimEnsemble ensemble) {
        this.ensemble = ensemble;
    }

    /** Somebody in this ensemble says what no server says. */
    void expectLies() {
        lies = true;
    }

    void became(SimNode node, Role role, Phase phase, long epoch, String reason) {
        note(node.id() + " " + role + " " + phase + " epoch " + epoch + ": " + reason);
        if (role == Role.LEADING && phase != Phase.DISCOVERY) {
            ServerId other = leaders.putIfAbsent(epoch, node.id());
            ensemble.check(
                    other == null || other.equals(node.id()),
                    "I-LEADER: %s and %s lead epoch %s",
                    other,
                    node.id(),
                    epoch);
        }
    }

    void delivered(SimNode node, Txn txn) {
        ensemble.scheduler().note(txn.chainHash());
        int place = node.applied().size() - 1;
        ensemble.check(
                !undone.contains(txn.origin().requestId()),
                "I-OUTCOME: request %s took effect after its client was told that nothing was done",
                txn.origin().requestId());
        if (place < committed.size()) {
            ensemble.check(
                    committed.get(place).equals(txn),
                    "I-PREFIX: %s delivers %s at place %s, but %s was delivered there",
                    node.id(),
                    txn.zxid(),
                    place,
                    committed.get(place).zxid());
        } else {
            committed.add(txn);
        }
        if (txn.origin().server().equals(node.id())
                && ensemble.completes(node, txn.origin().requestId())) {
            acknowledged++;
            highestAcknowledgedPlace = Math.max(highestAcknowledgedPlace, place + 1);
        }
    }

    void restored(SimNode node) {
        for (int i = 0; i < node.applied().size(); i++) {
            ensemble.check(
                    node.applied().get(i).equals(committed.get(i)),
                    "I-PREFIX: snapshot of %s differs at %s",
                    node.id(),
                    i);
        }
    }

    void failed(ServerId at, long requestId, RequestFailure failure) {
        failures++;
        if (failure != RequestFailure.OUTCOME_UNKNOWN) {
            undone.add(requestId);
        }
        note(at + " request " + requestId + " " + failure);
    }

    void readBegins(long readId) {
        readsBegun.put(readId, highestAcknowledgedPlace);
    }

    void readReady(SimNode node, long readId) {
        reads++;
        int must = readsBegun.remove(readId);
        ensemble.check(
                node.applied().size() >= must,
                "I-READ: %s answers a read with %s transactions, %s were acknowledged before it began",
                node.id(),
                node.applied().size(),
                must);
    }

    void readFailed(long readId) {
        readsBegun.remove(readId);
    }

    int touches() {
        return touches;
    }

    void touched() {
        touches++;
    }

    void touchConfirmed() {
        confirmedTouches++;
    }

    void touchFailed() {
        failedTouches++;
    }

    void trace(ServerId at, Trace event) {
        note(at + " " + event);
        if (event instanceof Trace.Synced synced) {
            syncs.merge(synced.mode(), 1, Integer::sum);
        }
        ensemble.check(divergenceExpected || !(event instanceof Trace.Diverged), "I-HASH: %s", event);
        ensemble.check(lies || !(event instanceof Trace.Impossible), "I-HASH: %s", event);
        ensemble.check(!(event instanceof Trace.AckRegression), "I-DISK: %s", event);
    }

    /** Somebody has, or is given, a history that is not this ensemble's. */
    void expectDivergence() {
        divergenceExpected = true;
    }

    void note(String what) {
        timeline.add(String.format("%9.3f ms  %s", ensemble.scheduler().now() / 1e6, what));
    }

    /** Returns the last lines of what happened, for a failure's message. */
    String lastLines(int count) {
        return String.join("\n", timeline.subList(Math.max(0, timeline.size() - count), timeline.size()));
    }

    List<Txn> committed() {
        return committed;
    }

    int acknowledged() {
        return acknowledged;
    }

    int failures() {
        return failures;
    }

    int reads() {
        return reads;
    }

    int failedTouches() {
        return failedTouches;
    }

    int confirmedTouches() {
        return Math.min(touches, confirmedTouches);
    }

    Map<SyncMode, Integer> syncs() {
        return syncs;
    }

    int leaders() {
        return leaders.size();
    }
}
