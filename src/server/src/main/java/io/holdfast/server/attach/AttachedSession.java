package io.holdfast.server.attach;

import io.holdfast.lock.Breaking;
import io.holdfast.lock.Cause;
import io.holdfast.lock.Change;
import io.holdfast.lock.Revision;
import io.holdfast.lock.Yield;
import io.holdfast.lock.lease.Deadlines;
import io.holdfast.server.history.EventJson;
import io.holdfast.server.history.Message;
import io.holdfast.server.replica.Answer;
import io.holdfast.server.replica.AppliedAt;
import io.holdfast.server.replica.GrantView;
import io.holdfast.server.replica.KeptAlive;
import io.holdfast.server.stream.EventStreams;
import io.holdfast.server.stream.Outlet;
import io.netty.buffer.ByteBuf;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection that is told what happens to a session and, unless its client renews the lease itself, keeps the
 * session alive.
 *
 * <p>Each renewal is said to the client, and the next one is asked for only when the client's side has acknowledged
 * that: so a peer that vanished is renewed at most once more, whatever TCP still hopes for. A connection that does not
 * renew says as often how far the node is, and ends in the same way. Used on the event loop of the connection.
 */
final class AttachedSession {

    /** Renewals in a ttl. */
    private static final int RENEWALS = 4;

    /** Looks at the time in a ttl. */
    private static final int LOOKS = 16;

    /** So many times in a ttl a client's side may be silent for too long. */
    private static final int SILENCES = 2;

    /** What may come while a renewal is on its way before the client is told anew what is there. */
    private static final int EARLY_MAX = 256;

    private final Parts parts;
    private final long beganNanos = System.nanoTime();

    /** What came before the first renewal was answered, which may or may not have it. */
    private @Nullable List<Told> early = new ArrayList<>();

    /** The revision of what {@code attached} said. */
    private long saidAt;

    private long ttlNanos = Long.MAX_VALUE;
    private long askedNanos;

    /** Since when the client's side owes an acknowledgement; 0 when it does not. */
    private long silentSince;

    private boolean asking;

    /** The client is to be told what is there once more. */
    private boolean anew;

    /** More came while a renewal was on its way than is kept. */
    private boolean missed;

    private boolean over;

    /**
     * What a connection is made of.
     *
     * @param outlet to the client
     * @param attachId names the client's process; empty when it did not say
     * @param inquiry asks for what became of the session
     * @param drained whether the client's side gave a sign of life after all that was sent
     * @param onOver runs once
     * @param onVanished runs when the client's side was silent for too long
     */
    record Parts(
            Outlet outlet,
            String attachId,
            Inquiry inquiry,
            Supplier<Future<Boolean>> drained,
            Runnable onOver,
            Runnable onVanished) {}

    /**
     * How a connection asks for what became of its session.
     *
     * @param renews whether asking extends the lease
     */
    record Inquiry(boolean renews, Supplier<Uni<Answer<KeptAlive>>> ask) {}

    private record Told(long revision, Change change, io.holdfast.lock.@Nullable GrantView holder) {}

    AttachedSession(Parts parts) {
        this.parts = parts;
    }

    /** Says what the session has, once it was asked for, and its lease extended, for the first time. */
    void begin(Answer<KeptAlive> first) {
        begin(first, beganNanos);
    }

    private void begin(Answer<KeptAlive> first, long asked) {
        if (over) {
            return;
        }
        if (isSuperseded(first.value())) {
            supersede(first);
            return;
        }
        anew = false;
        renewed(first.value(), asked);
        long revision = first.at().packed();
        saidAt = revision;
        StringBuilder data = EventJson.begin(new StringBuilder(200), revision);
        data.append(",\"session\":\"").append(first.value().session()).append('"');
        lease(data, asked).append(",\"grants\":[");
        String comma = "";
        for (GrantView grant : first.value().grants()) {
            data.append(comma);
            grant(data, grant);
            comma = ",";
        }
        notices(data.append("],\"notices\":["), first.value().grants());
        say(Message.of("attached", Revision.text(revision), data.append("]}")));
        List<Told> waiting = early == null ? List.of() : early;
        early = null;
        waiting.forEach(told -> changed(told.revision, told.change, told.holder));
        if (missed) {
            missed = false;
            replaced();
        }
    }

    /** What its holders were told before, and still must know. */
    private static void notices(StringBuilder data, List<GrantView> grants) {
        String comma = "";
        for (GrantView grant : grants) {
            Yield yield = grant.yield();
            if (yield != null) {
                EventJson.yieldFields(notice(data.append(comma), "yield-requested", grant), yield);
                data.append('}');
                comma = ",";
            }
            Breaking breaking = grant.breaking();
            if (breaking != null) {
                EventJson.breakFields(notice(data.append(comma), "break-announced", grant), breaking);
                data.append('}');
                comma = ",";
            }
        }
    }

    private static StringBuilder notice(StringBuilder data, String kind, GrantView grant) {
        return data.append("{\"kind\":\"")
                .append(kind)
                .append("\",\"grant\":\"")
                .append(grant.id())
                .append('"');
    }

    private static void grant(StringBuilder data, GrantView grant) {
        boolean granted = grant.state() == GrantView.State.GRANTED;
        data.append("{\"id\":\"").append(grant.id()).append("\",\"lock\":\"").append(grant.lock());
        data.append("\",\"state\":\"").append(granted ? "granted\",\"token\":" : "waiting\",\"position\":");
        data.append(granted ? grant.token() : grant.position()).append('}');
    }

    /** How long the lease lasts: a connection that does not extend it knows nothing about that. */
    private StringBuilder lease(StringBuilder data, long asked) {
        if (!parts.inquiry().renews()) {
            return data;
        }
        return data.append(",\"ttlMs\":")
                .append(ttlNanos / 1_000_000)
                .append(",\"driftPerMille\":")
                .append(Deadlines.DRIFT_PER_MILLE)
                .append(",\"elapsedMs\":")
                .append((asked - beganNanos) / 1_000_000);
    }

    /**
     * The node applied a change of this session. A client whose connection is full is not told: it is told what is
     * there once it has read, or is let go of as one that is silent.
     *
     * @param holder the grant as the change left it, when it is told something; else null
     */
    void changed(long at, Change change, io.holdfast.lock.@Nullable GrantView holder) {
        if (early != null) {
            missed |= early.size() >= EARLY_MAX;
            if (!missed) {
                early.add(new Told(at, change, holder));
            }
        } else if (!over && at > saidAt && parts.outlet().isFull()) {
            replaced();
        } else if (!over && at > saidAt) {
            String event = event(change);
            if (event != null) {
                StringBuilder data = holder == null ? EventJson.one(at, change) : EventJson.notice(at, change, holder);
                say(Message.of(event, Revision.text(at), data));
            }
            if (change.kind() == Change.Kind.SESSION_ENDED) {
                end();
            } else if (change.kind() == Change.Kind.SESSION_ATTACHED
                    && !parts.attachId().isEmpty()) {
                // The answer to the next renewal has the new id.
                askedNanos = Long.MIN_VALUE / 2;
                if (!asking) {
                    ask();
                }
            }
        }
    }

    /** Returns what a client is told a change is; null when it is its own doing. */
    private static @Nullable String event(Change change) {
        boolean asked = change.cause() == Cause.REQUESTED;
        return switch (change.kind().name()) {
            case "GRANTED" -> "granted";
            case "YIELD_REQUESTED" -> "yield-requested";
            case "YIELD_LAPSED" -> "yield-lapsed";
            case "BREAK_ANNOUNCED" -> "break-announced";
            case "EXPIRED", "BROKEN" -> "lost";
            case "RELEASED", "CANCELLED" -> asked ? null : "lost";
            case "SESSION_ENDED" -> "ended";
            default -> null;
        };
    }

    /** What led to the present state is not known, or could not be said: the client is told what is there. */
    void replaced() {
        if (early == null && !over) {
            early = new ArrayList<>();
            anew = true;
            askedNanos = Long.MIN_VALUE / 2;
        }
    }

    /** Renews when it is time to, and the client's side is there. */
    void tick(long now) {
        if (over || asking || (early != null && !anew) || now - askedNanos < ttlNanos / RENEWALS) {
            return;
        }
        if (silentSince != 0 && now - silentSince > ttlNanos / SILENCES) {
            parts.onVanished().run();
            parts.outlet().cut();
            close();
            return;
        }
        asking = true;
        Future<Boolean> drained = parts.outlet().isFull()
                ? Future.succeededFuture(false)
                : parts.drained().get();
        drained.onComplete(known -> {
            asking = false;
            if (!over && known.succeeded() && known.result()) {
                silentSince = 0;
                ask();
            } else if (silentSince == 0) {
                silentSince = now;
            }
        });
    }

    private void ask() {
        long asked = System.nanoTime();
        askedNanos = asked;
        asking = true;
        parts.inquiry().ask().get().subscribe().with(answer -> answered(answer, asked), failure -> {
            asking = false;
            // Nothing is renewed, and the client must not think so; but its side is asked for a sign of life.
            parts.outlet().write(Buffer.buffer(":\n\n"));
        });
    }

    private void answered(Answer<KeptAlive> answer, long asked) {
        asking = false;
        if (over) {
            return;
        }
        if (answer.value().state() != KeptAlive.State.ALIVE) {
            String at = answer.at().revision().toString();
            say(Message.of("ended", at, "{\"revision\":\"" + at + "\",\"kind\":\"session-ended\"}"));
            end();
        } else if (isSuperseded(answer.value())) {
            supersede(answer);
        } else if (anew) {
            begin(answer, asked);
        } else {
            renewed(answer.value(), asked);
            say(parts.inquiry().renews() ? renewal(answer.value(), asked) : bookmark(answer.at()));
        }
    }

    private Message renewal(KeptAlive kept, long asked) {
        StringBuilder data = new StringBuilder(96).append("{\"session\":\"");
        data.append(kept.session()).append('"');
        return Message.of("renewed", null, lease(data, asked).append('}'));
    }

    /** Sends the client a message that its credential expires soon; returns whether it was sent. */
    boolean reauthenticate(long leftMillis) {
        boolean can = !over && early == null && !parts.outlet().isFull();
        if (can) {
            say(EventStreams.reauthenticate(leftMillis));
        }
        return can;
    }

    private static Message bookmark(AppliedAt at) {
        StringBuilder data = EventJson.begin(new StringBuilder(64), at.packed());
        return Message.of(
                "bookmark", null, data.append(",\"ageMs\":").append(at.ageMs()).append('}'));
    }

    private boolean isSuperseded(KeptAlive kept) {
        return !parts.attachId().isEmpty() && !parts.attachId().equals(kept.attachId());
    }

    /** A newer process took the session over, which this one must not work under any more. */
    private void supersede(Answer<KeptAlive> answer) {
        supersede(answer.value().session(), answer.at().revision().toString());
    }

    private void supersede(String session, String at) {
        say(Message.of("superseded", at, "{\"revision\":\"" + at + "\",\"session\":\"" + session + "\"}"));
        end();
    }

    private void renewed(KeptAlive kept, long asked) {
        ttlNanos = kept.ttlMs() * 1_000_000;
        askedNanos = asked;
    }

    private void say(Message message) {
        ByteBuf bytes = message.sse();
        if (bytes != null) {
            parts.outlet().write(bytes);
        }
    }

    private void end() {
        parts.outlet().end();
        close();
    }

    /** The node does not serve it any more: the client attaches again before the ttl is over. */
    void leave() {
        if (!over) {
            endWith("this node does not serve it any more");
        }
    }

    /**
     * Another connection keeps the session alive from now on.
     *
     * @param byAttachId names the process that has it; empty when it did not say
     * @param at the revision of the answer to it
     */
    void superseded(String byAttachId, String session, String at) {
        boolean takenOver =
                !parts.attachId().isEmpty() && !byAttachId.isEmpty() && !byAttachId.equals(parts.attachId());
        if (!over && takenOver) {
            supersede(session, at);
        } else if (!over) {
            endWith("the session was attached anew");
        }
    }

    private void endWith(String comment) {
        parts.outlet().write(Buffer.buffer(": " + comment + "\n\n"));
        end();
    }

    /** Returns how long it is until the next look at it, in milliseconds. */
    long tickMillis() {
        return Math.max(1, ttlNanos / 1_000_000 / LOOKS);
    }

    /** Lets go of the connection; the ttl runs. Without effect when it was let go of before. */
    void close() {
        if (!over) {
            over = true;
            parts.onOver().run();
        }
    }
}
