package io.holdfast.zab.core.broadcast;

import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.leading.LearnerProgress;
import io.holdfast.zab.core.leading.LearnerProgress.State;
import io.holdfast.zab.core.leading.Learners;
import io.holdfast.zab.core.message.TakeOver;
import io.holdfast.zab.core.state.Replica;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Transfers leadership (protocol.md#leadership-transfer): the leader proposes nothing more, waits until its successor
 * has the whole history, sends it {@link TakeOver}, and only then informs the other voters, so that no server connects
 * to a successor that does not know of its role yet.
 */
final class HandOff {

    /** What the leader has to do next. */
    enum Step {
        /** Wait for what comes. */
        WAIT,
        /** Stay: the successor was not ready in time, and no server was sent {@link TakeOver}. */
        STAY,
        /** Follow the successor. */
        FOLLOW,
        /** Look for a leader: the successor was sent {@link TakeOver} and did not take over. */
        LOOK
    }

    private enum Told {
        NOBODY,
        SUCCESSOR,
        ALL
    }

    private final Replica replica;
    private final Learners learners;
    private final ServerId successor;
    private final long epoch;

    /** Requests that came meanwhile; servers send theirs again to the next leader, so these are for staying only. */
    private final Queue<ClientRequest> held = new ArrayDeque<>();

    private long heldBytes;
    private Told told = Told.NOBODY;
    private boolean takenOver;
    private long deadline;

    HandOff(Replica replica, Learners learners, ServerId successor, long epoch) {
        this.replica = replica;
        this.learners = learners;
        this.successor = successor;
        this.epoch = epoch;
        this.deadline = replica.in(replica.config().syncLimitMillis());
    }

    /** Returns who is fit to succeed: a voter that adopted this history, of several the furthest. */
    static @Nullable ServerId successor(Replica replica, Learners learners, @Nullable ServerId wanted) {
        LearnerProgress furthest = null;
        for (LearnerProgress learner : learners.all()) {
            ServerId server = learner.link().peer();
            boolean fit = learner.state() == State.SYNCED
                    && replica.quorum().latest().isVoter(server, learner.disk())
                    && (wanted == null || wanted.equals(server));
            if (fit && (furthest == null || learner.match().isAfter(furthest.match()))) {
                furthest = learner;
            }
        }
        return furthest == null ? null : furthest.link().peer();
    }

    ServerId successor() {
        return successor;
    }

    /** Takes a request; false when too many wait, or too many bytes. */
    boolean hold(ClientRequest request) {
        long bytes = heldBytes + request.payload().length();
        if (held.size() >= replica.config().requestsMax()
                || bytes > replica.config().outstandingBytesMax()) {
            return false;
        }
        heldBytes = bytes;
        return held.add(request);
    }

    Queue<ClientRequest> held() {
        return held;
    }

    /**
     * The successor published that it was elected. That its link ended would prove nothing: it may have ended itself.
     */
    void takenOver() {
        takenOver = true;
    }

    /** Goes on as far as it can. */
    Step advance() {
        LearnerProgress next = learners.of(successor);
        if (told == Told.NOBODY) {
            if (next == null || next.state() != State.SYNCED || replica.now() >= deadline) {
                return Step.STAY;
            }
            if (!replica.lastCommitted().equals(replica.lastLogged())
                    || !next.match().equals(replica.lastLogged())) {
                return Step.WAIT;
            }
            tell(next);
            told = Told.SUCCESSOR;
            deadline = replica.in(replica.config().reachMillis());
        }
        if (told == Told.SUCCESSOR) {
            if (!takenOver) {
                return replica.now() >= deadline ? Step.LOOK : Step.WAIT;
            }
            others().forEach(this::tell);
            told = Told.ALL;
            deadline = replica.in(replica.config().heartbeatMillis());
        }
        return !others().isEmpty() && replica.now() < deadline ? Step.WAIT : Step.FOLLOW;
    }

    private void tell(LearnerProgress learner) {
        replica.effects().send(learner.link(), new TakeOver(epoch, successor));
    }

    /** The voters besides the successor that still listen to this leader. */
    private List<LearnerProgress> others() {
        List<LearnerProgress> others = learners.copy();
        others.removeIf(learner -> {
            ServerId server = learner.link().peer();
            return learner.state() != State.SYNCED || server.equals(successor) || !learners.isVoter(learner);
        });
        return others;
    }
}
