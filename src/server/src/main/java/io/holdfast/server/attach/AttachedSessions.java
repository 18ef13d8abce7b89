package io.holdfast.server.attach;

import io.holdfast.lock.Change;
import io.holdfast.lock.GrantView;
import io.holdfast.server.replica.Answer;
import io.holdfast.server.replica.ChangeFeed;
import io.holdfast.server.replica.KeptAlive;
import io.holdfast.server.replica.LockService;
import io.holdfast.server.replica.ReadOptions;
import io.holdfast.server.replica.Refused;
import io.holdfast.server.replica.SessionWatcher;
import io.holdfast.server.stream.Admission;
import io.holdfast.server.stream.Outlet;
import io.holdfast.server.stream.Streamed;
import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** All sessions that are kept alive by connections to this node. */
@Singleton
public final class AttachedSessions {

    private final ChangeFeed feed;
    private final LockService service;
    private final Admission admission;
    private final SocketQueues queues;
    private final Set<Attachment> open = ConcurrentHashMap.newKeySet();
    private final LongAdder vanished = new LongAdder();

    @Inject
    AttachedSessions(ChangeFeed feed, LockService service, Admission admission, SocketQueues queues) {
        this.feed = feed;
        this.service = service;
        this.admission = admission;
        this.queues = queues;
        admission.onLeaving(() -> open.forEach(Attachment::leave));
        feed.onOutside(() -> open.forEach(Attachment::leave));
    }

    /**
     * The connection of a client.
     *
     * @param local its address here
     * @param remote its address there, whatever a proxy says of whom it speaks for
     */
    public record Peer(SocketAddress local, SocketAddress remote) {}

    /** One session with its connection; all on the event loop of the connection. */
    private final class Attachment implements Streamed, SessionWatcher {
        private final Context context;
        private final String session;
        private final AttachedSession attached;
        private final Promise<Void> begun = Promise.promise();
        private @Nullable Runnable unwatch;
        private long timer = -1;
        private boolean over;

        Attachment(Context context, String session, Outlet outlet, Peer peer) {
            this.context = context;
            this.session = session;
            this.attached = new AttachedSession(new AttachedSession.Parts(
                    outlet,
                    () -> service.keepAlive(session),
                    () -> queues.isDrained(peer.local(), peer.remote()).compose(this::here),
                    this::ended,
                    vanished::increment));
        }

        private Future<Boolean> here(boolean drained) {
            Promise<Boolean> here = Promise.promise();
            context.runOnContext(v -> here.complete(drained));
            return here.future();
        }

        void start() {
            feed.watch(session, this, unwatching -> context.runOnContext(v -> watched(unwatching)));
            service.keepAlive(session)
                    .chain(this::alive)
                    .subscribe()
                    .with(answer -> context.runOnContext(v -> begin(answer)), this::refuse);
        }

        private Uni<Answer<KeptAlive>> alive(Answer<KeptAlive> answer) {
            // Reading a session that is not there says why it is not.
            return answer.value().state() == KeptAlive.State.ALIVE
                    ? Uni.createFrom().item(answer)
                    : service.session(session, ReadOptions.LOCAL).map(never -> answer);
        }

        private void refuse(Throwable refusal) {
            context.runOnContext(v -> {
                attached.close();
                begun.tryFail(refusal);
            });
        }

        private void watched(Runnable unwatching) {
            if (over) {
                unwatching.run();
            } else {
                unwatch = unwatching;
            }
        }

        private void begin(Answer<KeptAlive> first) {
            if (!over) {
                begun.complete();
                attached.begin(first);
                if (admission.isLeaving() || feed.isOutside()) {
                    attached.leave();
                    return;
                }
                timer = context.owner().setPeriodic(attached.tickMillis(), t -> attached.tick(System.nanoTime()));
            }
        }

        /** The node is about to end, or is no member any more; any thread. */
        private void leave() {
            context.runOnContext(v -> {
                if (begun.future().isComplete()) {
                    attached.leave();
                }
            });
        }

        private void ended() {
            over = true;
            open.remove(this);
            admission.leave();
            context.owner().cancelTimer(timer);
            if (unwatch != null) {
                unwatch.run();
            }
        }

        @Override
        public void changed(long revision, Change change, @Nullable GrantView holder) {
            context.runOnContext(v -> attached.changed(revision, change, holder));
        }

        @Override
        public void replaced() {
            context.runOnContext(v -> attached.replaced());
        }

        @Override
        public Future<Void> begun() {
            return begun.future();
        }

        @Override
        public void drained() {
            // What is said is short, and a client that does not take it is not renewed.
        }

        @Override
        public void close() {
            context.runOnContext(v -> attached.close());
        }
    }

    /**
     * Keeps a session alive for as long as its connection is there. On the event loop of the connection.
     *
     * @throws Refused {@code OVERLOADED}, or {@code NOT_READY} when the node is starting
     */
    public Streamed attach(String session, Outlet outlet, Peer peer) {
        Context current = Vertx.currentContext();
        if (current == null) {
            throw new IllegalStateException("a session is attached on the event loop of its connection");
        }
        admission.enter();
        Attachment attachment = new Attachment(VertxContext.getRootContext(current), session, outlet, peer);
        open.add(attachment);
        try {
            attachment.start();
        } catch (Refused notStarted) {
            attachment.attached.close();
            throw notStarted;
        }
        return attachment;
    }

    /** Returns how many sessions are attached; any thread. */
    public int open() {
        return open.size();
    }

    /** Returns how many clients vanished without closing their connection; any thread. */
    public long vanished() {
        return vanished.sum();
    }
}
