package io.holdfast.client.internal;

import io.holdfast.api.Candidacy;
import io.holdfast.api.LockBody;
import io.holdfast.api.MalformedJsonException;
import io.holdfast.api.Metadata;
import io.holdfast.api.Revision;
import io.holdfast.client.Leader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Follows the leader of one election by reads that are held until its lock changes. What it knows is for any thread,
 * the rest runs on the loop.
 */
final class LeaderWatch {

    private static final long POLL_MILLIS = 25_000;

    private final Loop loop;
    private final Caller caller;
    private final Executor executor;
    private final String lock;
    private final List<Consumer<Leader>> listeners = new ArrayList<>();
    private volatile @Nullable Leader leader;
    private volatile Mark heard;
    private boolean started;
    private boolean closed;
    private long lastToken;
    private int failures;

    LeaderWatch(ClientServices services, String lock) {
        this.loop = services.loop();
        this.caller = services.caller();
        this.executor = services.executor();
        this.lock = lock;
        this.heard = loop.now();
    }

    /** The leader as last heard of; begins to listen. */
    Optional<Leader> leader() {
        loop.execute(this::start);
        return Optional.ofNullable(leader);
    }

    void observe(Consumer<Leader> listener) {
        Callbacks callbacks = new Callbacks(executor);
        loop.execute(() -> {
            Leader present = leader;
            Consumer<Leader> told = next -> callbacks.execute(() -> listener.accept(next));
            if (present != null) {
                told.accept(present);
            }
            listeners.add(told);
            start();
        });
    }

    private void start() {
        if (!started) {
            started = true;
            ask("");
        }
    }

    void close() {
        closed = true;
    }

    /** Reads the lock as it is now. */
    CompletableFuture<LockBody> read() {
        return caller.call(call("")).thenApply(reply -> {
            if (reply.status() >= 400) {
                throw Failures.of(reply);
            }
            LockBody body = body(reply);
            heard(body, reply.firstSent());
            return body;
        });
    }

    private Call call(String query) {
        return Call.of("GET", "/v1/locks/" + lock + query, "").check(reply -> {
            if (reply.status() == 200) {
                LockBody body = reply.read(LockBody::read);
                if (!body.name().equals(lock)) {
                    throw new MalformedJsonException("a lock that was not asked for: " + body.name());
                }
                revision(body);
            }
        });
    }

    private static void revision(LockBody body) throws MalformedJsonException {
        try {
            Revision.parse(body.revision());
        } catch (IllegalArgumentException e) {
            throw new MalformedJsonException(String.valueOf(e.getMessage()));
        }
    }

    private static LockBody body(Reply reply) {
        try {
            return reply.read(LockBody::read);
        } catch (MalformedJsonException e) {
            throw new IllegalStateException("it was read before", e);
        }
    }

    private void ask(String since) {
        if (closed) {
            return;
        }
        Call call = since.isEmpty()
                ? call("")
                : call("?changedSince=" + since + "&poll=" + POLL_MILLIS + "ms").held(POLL_MILLIS);
        Futures.onComplete(caller.call(call), (reply, failure) -> {
            boolean well = reply != null && reply.status() < 300;
            if (reply == null || !well) {
                loop.schedule(Backoff.millis(failures++, loop.random()), () -> ask(""));
                return;
            }
            failures = 0;
            if (reply.status() == 200) {
                LockBody body = body(reply);
                heard(body, reply.firstSent());
                ask(body.revision());
            } else {
                // Nothing changed: what was heard is as old as this request.
                heard = reply.firstSent();
                ask(since);
            }
        });
    }

    private void heard(LockBody body, Mark asked) {
        if (body.holders().isEmpty()) {
            leader = null;
            heard = asked;
            return;
        }
        LockBody.Holder holder = body.holders().get(0);
        if (holder.token() < lastToken) {
            return;
        }
        heard = asked;
        Leader present = leader;
        if (present == null || holder.token() > present.token()) {
            Metadata ticket = holder.metadata() == null ? Metadata.NONE : holder.metadata();
            Candidacy candidacy = Candidacy.of(ticket, holder.session());
            Leader next = new Leader(
                    candidacy.candidate(),
                    holder.token(),
                    candidacy.metadata(),
                    () -> Duration.ofNanos(heard.nanosUntil(loop.now())));
            leader = next;
            if (holder.token() > lastToken) {
                lastToken = holder.token();
                listeners.forEach(listener -> listener.accept(next));
            }
        }
    }
}
