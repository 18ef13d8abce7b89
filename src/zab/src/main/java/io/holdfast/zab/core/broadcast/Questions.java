package io.holdfast.zab.core.broadcast;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.leading.Learners;
import io.holdfast.zab.core.message.ReadIndexReply;
import io.holdfast.zab.core.message.TouchReply;
import io.holdfast.zab.core.stage.Answers;
import io.holdfast.zab.core.state.Replica;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Reads and lease notes that wait for a leader's quorum round (protocol.md#reads, protocol.md#leases): only a round
 * that begins after the question can answer it; one round answers all that came before it.
 */
final class Questions {

    private final Replica replica;
    private final Learners learners;
    private final Answers answers;

    /** In the order in which they came, hence with rising rounds. */
    private final Queue<Question> waiting = new ArrayDeque<>();

    /** Something to be answered once a round that began after it came is confirmed. */
    private record Question(Asker asker, long id, boolean isTouch, Zxid index, long round) {}

    Questions(Replica replica, Learners learners, Answers answers) {
        this.replica = replica;
        this.learners = learners;
        this.answers = answers;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Takes a question; false when too many wait, and whoever asked asks again. */
    boolean ask(Asker asker, long id, boolean isTouch) {
        long limit = (long) replica.config().requestsMax()
                * replica.configuration().members().size()
                * 2;
        if (waiting.size() >= limit) {
            return false;
        }
        // A server that sent a keepalive must see an expiry that is under way, committed or not (protocol.md#t8).
        Zxid index = isTouch ? replica.lastLogged() : replica.lastCommitted();
        waiting.add(new Question(asker, id, isTouch, index, learners.round() + 1));
        return true;
    }

    /** Answers what waits for that round or one before it. */
    void answerUpTo(long round) {
        while (!waiting.isEmpty() && waiting.peek().round() <= round) {
            answer(waiting.remove());
        }
    }

    private void answer(Question question) {
        Link link = question.asker().link();
        if (link == null) {
            answers.confirmed(question.id(), question.index());
        } else if (learners.on(link) != null) {
            replica.effects()
                    .send(
                            link,
                            question.asker()
                                    .addressed(
                                            question.isTouch()
                                                    ? new TouchReply(question.id(), question.index())
                                                    : new ReadIndexReply(question.id(), question.index())));
        }
    }
}
