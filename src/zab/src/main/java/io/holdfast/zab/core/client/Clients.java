package io.holdfast.zab.core.client;

import io.holdfast.zab.core.Effects;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.RequestFailure;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.TxnType;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.stage.Answers;
import io.holdfast.zab.core.stage.Upstream;
import io.holdfast.zab.core.state.Replica;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What this server's own clients wait for: requests, linearizable reads and lease notes, kept over changes of leader.
 *
 * <p>A new leader gets every unanswered request again, in order and under the same number (protocol.md#requests); the
 * state machine has commands take effect once. Reads and notes are asked anew under a new number, so that a late answer
 * of an old leader is never taken for one of the new (etcd #20418).
 */
public final class Clients implements Answers {

    private static final long CHECK_MILLIS = 50;

    /** The bytes of requests, and of notes, that may wait: so many times what a leader has under way. */
    private static final int WAITING_FACTOR = 4;

    private final Replica replica;
    private final Effects effects;
    private final Map<Long, PendingRequest> requests = new LinkedHashMap<>();
    private final Map<Long, Question> questions = new LinkedHashMap<>();

    /**
     * Reads that are answered, but the state is not there yet. Indexes rise, since one leader gives them in order;
     * those of touches rise too, but lie ahead of them, so that a read in one queue with touches would wait for a
     * commit.
     */
    private final Deque<Confirmed> confirmedReads = new ArrayDeque<>();

    private final Deque<Confirmed> confirmedTouches = new ArrayDeque<>();

    /** Of the payloads in {@link #requests}. */
    private long requestBytes;

    /** Of the notes of all questions, answered or not. */
    private long noteBytes;

    private @Nullable Upstream upstream;
    private long lastAttempt;
    private long checkAt;

    private static final class PendingRequest {
        final TxnType type;
        final Payload payload;
        final long since;
        boolean sent;

        /** Sent more than once: an earlier leader, or this one over an earlier link, may have proposed it. */
        boolean sentAgain;

        PendingRequest(TxnType type, Payload payload, long since) {
            this.type = type;
            this.payload = payload;
            this.since = since;
        }

        void send(Upstream leader, long requestId) {
            sentAgain = sent;
            sent = true;
            leader.request(requestId, type, payload);
        }
    }

    /** A read, or a touch when there is a note. */
    private record Question(long id, @Nullable Payload note, long since) {

        boolean isRead() {
            return note == null;
        }

        int bytes() {
            return note == null ? 0 : note.length();
        }
    }

    private record Confirmed(Question question, Zxid index) {}

    public Clients(Replica replica) {
        this.replica = replica;
        this.effects = replica.effects();
        replica.onApplied(this::applied);
    }

    // ---- what clients want ----

    public void submit(long requestId, TxnType type, Payload payload) {
        if (requests.size() >= replica.config().requestsMax() || isTooMuch(requestBytes + payload.length())) {
            effects.requestFailed(requestId, RequestFailure.OVERLOADED);
            return;
        }
        requestBytes += payload.length();
        PendingRequest request = new PendingRequest(type, payload, replica.now());
        requests.put(requestId, request);
        if (upstream != null) {
            request.send(upstream, requestId);
        }
    }

    public void readIndex(long readId) {
        admit(new Question(readId, null, replica.now()));
    }

    public void touch(long touchId, Payload note) {
        admit(new Question(touchId, note, replica.now()));
    }

    private boolean isTooMuch(long bytes) {
        return bytes > WAITING_FACTOR * replica.config().outstandingBytesMax();
    }

    private void admit(Question question) {
        noteBytes += question.bytes();
        boolean many = questions.size() + confirmedReads.size() + confirmedTouches.size()
                >= 2 * replica.config().requestsMax();
        if (many || isTooMuch(noteBytes)) {
            fail(question, RequestFailure.OVERLOADED);
        } else {
            ask(question);
        }
    }

    private void ask(Question question) {
        long attempt = ++lastAttempt;
        questions.put(attempt, question);
        if (upstream != null) {
            send(upstream, attempt, question);
        }
    }

    private static void send(Upstream leader, long attempt, Question question) {
        Payload note = question.note();
        if (note == null) {
            leader.readIndex(attempt);
        } else {
            leader.touch(attempt, note);
        }
    }

    // ---- the way to the leader ----

    /** There is a leader now, another one, or none (null). */
    public void upstream(@Nullable Upstream leader) {
        if (upstream == leader) {
            return;
        }
        upstream = leader;
        if (leader == null) {
            return;
        }
        for (Map.Entry<Long, PendingRequest> entry : List.copyOf(requests.entrySet())) {
            entry.getValue().send(leader, entry.getKey());
        }
        List<Question> again = new ArrayList<>();
        confirmedReads.forEach(answered -> again.add(answered.question()));
        confirmedTouches.forEach(answered -> again.add(answered.question()));
        again.addAll(questions.values());
        confirmedReads.clear();
        confirmedTouches.clear();
        questions.clear();
        for (Question question : again) {
            ask(question);
        }
    }

    @Override
    public void refused(long requestId, RequestFailure reason) {
        PendingRequest request = removed(requestId);
        if (request != null) {
            // A refusal speaks of this time only; nobody knows what became of the request when it was sent before.
            effects.requestFailed(requestId, request.sentAgain ? RequestFailure.OUTCOME_UNKNOWN : reason);
        }
    }

    @Override
    public void confirmed(long attempt, Zxid index) {
        Question question = questions.remove(attempt);
        if (question != null) {
            (question.isRead() ? confirmedReads : confirmedTouches).add(new Confirmed(question, index));
            completeConfirmed();
        }
    }

    private void applied(Txn txn) {
        if (txn.origin().server().equals(replica.self())) {
            removed(txn.origin().requestId());
        }
    }

    private @Nullable PendingRequest removed(long requestId) {
        PendingRequest request = requests.remove(requestId);
        if (request != null) {
            requestBytes -= request.payload.length();
        }
        return request;
    }

    /** Completes what waits for the state to be as new as what was last applied. */
    public void completeConfirmed() {
        for (Question read = reached(confirmedReads); read != null; read = reached(confirmedReads)) {
            effects.readReady(read.id());
        }
        for (Question touch = reached(confirmedTouches); touch != null; touch = reached(confirmedTouches)) {
            effects.touchConfirmed(touch.id());
        }
    }

    private @Nullable Question reached(Deque<Confirmed> confirmed) {
        Confirmed first = confirmed.peek();
        if (first == null || first.index().isAfter(replica.lastApplied())) {
            return null;
        }
        confirmed.remove();
        noteBytes -= first.question().bytes();
        return first.question();
    }

    /**
     * This server is no member: no leader hears it, so nothing that waits is ever answered. Only what was never sent is
     * known not to happen.
     */
    public void dismiss() {
        for (Map.Entry<Long, PendingRequest> entry : requests.entrySet()) {
            boolean sent = entry.getValue().sent;
            effects.requestFailed(entry.getKey(), sent ? RequestFailure.OUTCOME_UNKNOWN : RequestFailure.NOT_A_MEMBER);
        }
        requests.clear();
        requestBytes = 0;
        failAll(confirmedReads);
        failAll(confirmedTouches);
        questions.values().forEach(question -> fail(question, RequestFailure.NOT_A_MEMBER));
        questions.clear();
    }

    private void failAll(Deque<Confirmed> confirmed) {
        confirmed.forEach(answered -> fail(answered.question(), RequestFailure.NOT_A_MEMBER));
        confirmed.clear();
    }

    // ---- bounds on waiting ----

    public void tick() {
        if (replica.now() < checkAt) {
            return;
        }
        checkAt = replica.in(CHECK_MILLIS);
        failOldRequests();
        failOldQuestions();
    }

    public long nextTick() {
        return requests.isEmpty() && questions.isEmpty() && confirmedReads.isEmpty() && confirmedTouches.isEmpty()
                ? Long.MAX_VALUE
                : checkAt;
    }

    private void failOldRequests() {
        Iterator<Map.Entry<Long, PendingRequest>> all = requests.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<Long, PendingRequest> entry = all.next();
            PendingRequest request = entry.getValue();
            if (!replica.isOlder(request.since, replica.config().leaderWaitMillis())) {
                return;
            }
            if (!request.sent || replica.isOlder(request.since, replica.config().requestMillis())) {
                all.remove();
                requestBytes -= request.payload.length();
                effects.requestFailed(
                        entry.getKey(), request.sent ? RequestFailure.OUTCOME_UNKNOWN : RequestFailure.NO_LEADER);
            }
        }
    }

    private void failOldQuestions() {
        long limit = upstream == null
                ? replica.config().leaderWaitMillis()
                : replica.config().requestMillis();
        failOld(confirmedReads, limit);
        failOld(confirmedTouches, limit);
        Iterator<Question> all = questions.values().iterator();
        while (all.hasNext()) {
            Question question = all.next();
            if (!replica.isOlder(question.since(), limit)) {
                return;
            }
            all.remove();
            fail(question, RequestFailure.NO_LEADER);
        }
    }

    private void failOld(Deque<Confirmed> confirmed, long limit) {
        while (!confirmed.isEmpty()
                && replica.isOlder(confirmed.peek().question().since(), limit)) {
            fail(confirmed.remove().question(), RequestFailure.NO_LEADER);
        }
    }

    private void fail(Question question, RequestFailure failure) {
        noteBytes -= question.bytes();
        if (question.isRead()) {
            effects.readFailed(question.id(), failure);
        } else {
            effects.touchFailed(question.id(), failure);
        }
    }
}
