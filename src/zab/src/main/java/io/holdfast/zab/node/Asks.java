package io.holdfast.zab.node;

import io.holdfast.zab.core.RequestFailure;
import io.holdfast.zab.core.Zab;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The questions of this node's clients: those that other threads have just handed over, and those that the core works
 * on.
 *
 * @param <S> the replicated state machine
 */
final class Asks<S> {

    private final int inboxMax;
    private final Runnable scheduleDrain;
    private final Queue<Ask<S, ?>> inbox = new ConcurrentLinkedQueue<>();
    private final AtomicInteger inboxSize = new AtomicInteger();
    private final AtomicBoolean drainScheduled = new AtomicBoolean();
    private final AtomicInteger pending = new AtomicInteger();
    /** Used on the node's context only. */
    private final Map<Long, Ask<S, ?>> open = new HashMap<>();

    private volatile boolean stopped;
    /** Ids are never used again, also not by a later process: it begins elsewhere. */
    private long lastId = (long) (new SecureRandom().nextInt() >>> 1) << 32;

    /**
     * Makes an empty table.
     *
     * @param scheduleDrain has {@link #drain} called soon on the node's context; called on any thread
     */
    Asks(int inboxMax, Runnable scheduleDrain) {
        this.inboxMax = inboxMax;
        this.scheduleDrain = scheduleDrain;
    }

    /** Hands a question over, on any thread. */
    <T> Future<T> ask(Ask<S, T> question) {
        if (stopped) {
            question.fail(RequestFailure.NO_LEADER);
        } else if (inboxSize.incrementAndGet() > inboxMax) {
            inboxSize.decrementAndGet();
            question.fail(RequestFailure.OVERLOADED);
        } else {
            pending.incrementAndGet();
            inbox.add(question);
            // One task drains for all who come before it runs.
            if (drainScheduled.compareAndSet(false, true)) {
                scheduleDrain.run();
            }
        }
        return question.future();
    }

    /** Returns how many have no answer yet. */
    int pending() {
        return pending.get();
    }

    /** Gives the core all that was handed over. */
    void drain(Zab core, long now) {
        drainScheduled.set(false);
        for (Ask<S, ?> question = poll(); question != null; question = poll()) {
            long id = nextId();
            open.put(id, question);
            question.begin(core, now, id);
        }
    }

    long nextId() {
        return ++lastId;
    }

    /** Answers, if somebody here asked. */
    void answer(long id, S state, @Nullable Object result) {
        Ask<S, ?> question = open.remove(id);
        if (question != null) {
            pending.decrementAndGet();
            question.answer(state, result);
        }
    }

    void fail(long id, RequestFailure failure) {
        Ask<S, ?> question = open.remove(id);
        if (question != null) {
            pending.decrementAndGet();
            question.fail(failure);
        }
    }

    /** Nothing is answered from now on: what the core has may have happened, what it has not seen did not. */
    void stop() {
        stopped = true;
        List<Ask<S, ?>> unknown = new ArrayList<>(open.values());
        open.clear();
        pending.addAndGet(-unknown.size());
        unknown.forEach(question -> question.fail(RequestFailure.OUTCOME_UNKNOWN));
        for (Ask<S, ?> question = poll(); question != null; question = poll()) {
            pending.decrementAndGet();
            question.fail(RequestFailure.NO_LEADER);
        }
    }

    private @Nullable Ask<S, ?> poll() {
        Ask<S, ?> question = inbox.poll();
        if (question != null) {
            inboxSize.decrementAndGet();
        }
        return question;
    }
}
