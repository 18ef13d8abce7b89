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
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.SocketAddress;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Map;
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

    /** The attachment of each session that has begun; one that begins later takes its place. */
    private final Map<String, Attachment> bySession = new ConcurrentHashMap<>();

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

    /** Whose connection it is: its event loop, its address, and the process as it named itself, if it did. */
    private record Caller(Context context, String address, String attachId) {}

    /** One session with its connection; all on the event loop of the connection. */
    private final class Attachment implements Streamed, SessionWatcher {
        private final Context context;
        private final String session;
        private final String address;
        private final String attachId;
        private final AttachedSession attached;
        private final Promise<Void> begun = Promise.promise();
        private @Nullable Runnable unwatch;
        private long timer = -1;
        private boolean over;

        Attachment(Caller caller, String session, Outlet outlet, SignOfLife sign) {
            this.context = caller.context();
            this.session = session;
            this.address = caller.address();
            this.attachId = caller.attachId();
            this.attached = new AttachedSession(new AttachedSession.Parts(
                    outlet,
                    caller.attachId(),
                    () -> service.keepAlive(session, true),
                    () -> sign.isThere().compose(this::here),
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
            Uni<?> named = attachId.isEmpty() ? Uni.createFrom().nullItem() : service.attach(session, attachId);
            named.chain(ready -> service.keepAlive(session, true))
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
                Attachment before = bySession.put(session, this);
                if (before != null) {
                    before.superseded(attachId, first.at().revision().toString());
                }
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

        /** Another connection attached to the session, of the process that it named or did not; any thread. */
        private void superseded(String byAttachId, String at) {
            context.runOnContext(v -> attached.superseded(byAttachId, session, at));
        }

        private void ended() {
            over = true;
            open.remove(this);
            bySession.remove(session, this);
            admission.leave(address);
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
     * Keeps a session alive for as long as the connection of a request is there, and no other one of this node. On the
     * event loop of the connection.
     *
     * @param attachId names the process; empty for one that supersedes no other
     * @throws Refused {@code OVERLOADED}, or {@code NOT_READY} when the node is starting
     */
    public Streamed attach(String session, String attachId, Outlet outlet, HttpServerRequest request) {
        Context current = Vertx.currentContext();
        if (current == null) {
            throw new IllegalStateException("a session is attached on the event loop of its connection");
        }
        SocketAddress remote = request.connection().remoteAddress(true);
        String address = remote == null ? "" : String.valueOf(remote.hostAddress());
        admission.enter(address);
        Caller caller = new Caller(VertxContext.getRootContext(current), address, attachId);
        Attachment attachment = new Attachment(caller, session, outlet, sign(request));
        open.add(attachment);
        try {
            attachment.start();
        } catch (Refused notStarted) {
            attachment.attached.close();
            throw notStarted;
        }
        return attachment;
    }

    private SignOfLife sign(HttpServerRequest request) {
        HttpConnection connection = request.connection();
        if (request.version() == HttpVersion.HTTP_2) {
            return new PingedClient(connection);
        }
        // Not the address that a proxy reports: the connection counts.
        SocketAddress local = connection.localAddress(true);
        SocketAddress remote = connection.remoteAddress(true);
        return () -> queues.isDrained(local, remote);
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
