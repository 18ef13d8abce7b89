package io.holdfast.client.internal;

import io.holdfast.api.SseMessage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Has a session renewed at once when something happens to it, so that its holder hears of it without waiting for the
 * next keepalive. Nothing that the stream says is believed, it only says when to ask; and it does not keep the session
 * alive. On the loop.
 */
final class QuietStream implements Following.Reader {

    /** Keepalives because of a stream are so far apart at least, whatever it says. */
    private static final long APART_MILLIS = 100;

    private static final Set<String> MATTERS =
            Set.of("attached", "granted", "lost", "yield-requested", "yield-lapsed", "break-announced", "ended");

    private final Loop loop;
    private final KeepAlive keepAlive;
    private final ClientSession session;
    private final Following following;
    private boolean first = true;
    private boolean scheduled;
    private boolean askAgain;

    private QuietStream(ClientServices services, ClientSession session) {
        this.loop = services.loop();
        this.keepAlive = services.pool().keepAlive();
        this.session = session;
        // A node says something four times in a ttl.
        Duration silence = Duration.ofMillis(Math.max(1_000, session.clock().ttlMillis() / 2));
        this.following = new Following(loop, services.caller(), this, silence, Map.of());
    }

    /** Begins for a session; ends with it, or when it is closed. */
    static QuietStream follow(ClientServices services, ClientSession session) {
        QuietStream stream = new QuietStream(services, session);
        services.loop().execute(() -> {
            if (session.isOver(services.loop().now())) {
                return;
            }
            session.listeners.add(state -> {
                if (session.isOver(services.loop().now())) {
                    stream.following.close();
                }
            });
            stream.following.open();
        });
        return stream;
    }

    /** Ends it. Any thread. */
    void close() {
        loop.execute(following::close);
    }

    @Override
    public String target() {
        return "/v1/sessions/" + session.id() + "/attach?renew=false";
    }

    @Override
    public void messages(List<SseMessage> messages, Runnable more) {
        for (SseMessage message : messages) {
            // What the session has when the first stream begins is known.
            boolean news = MATTERS.contains(message.event())
                    && !(first && message.event().equals("attached"));
            first &= !message.event().equals("attached");
            if (news) {
                ask();
            }
        }
        more.run();
    }

    private void ask() {
        if (scheduled) {
            askAgain = true;
            return;
        }
        scheduled = true;
        keepAlive.renew(session);
        loop.schedule(APART_MILLIS, () -> {
            scheduled = false;
            if (askAgain) {
                askAgain = false;
                ask();
            }
        });
    }

    @Override
    public void refused(Reply refusal) {
        // The session is over, or the server has no such stream: a keepalive tells.
        keepAlive.renew(session);
    }
}
