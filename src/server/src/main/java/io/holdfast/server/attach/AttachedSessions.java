package io.holdfast.server.attach;

import io.holdfast.lock.Change;
import io.holdfast.lock.GrantView;
import io.holdfast.server.access.Permit;
import io.holdfast.server.caller.Caller;
import io.holdfast.server.replica.Answer;
import io.holdfast.server.replica.ChangeFeed;
import io.holdfast.server.replica.KeptAlive;
import io.holdfast.server.replica.LockService;
import io.holdfast.server.replica.ReadOptions;
import io.holdfast.server.replica.Refused;
import io.holdfast.server.replica.SessionWatcher;
import io.holdfast.server.stream.Admission;
import io.holdfast.server.stream.EventStreams;
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

/** All sessions that connections to this node are attached to, most of which keep them alive. */
@Singleton
public final class AttachedSessions {

    /** How often the credentials of all attachments are looked at. */
    private static final long CREDENTIALS_MILLIS = 200;

    private final ChangeFeed feed;
    private final LockService service;
    private final Admission admission;
    private final SocketQueues queues;
    private final Set<Attachment> open = ConcurrentHashMap.newKeySet();

    /**
     * The attachment that has begun, by principal and session; one that begins later takes its place. A caller that may
     * watch the session of another does not end the connection of its owner.
     */
    private final Map<String, Attachment> byPlace = new ConcurrentHashMap<>();

    private final LongAdder vanished = new LongAdder();

    @Inject
    AttachedSessions(ChangeFeed feed, LockService service, Admission admission, SocketQueues queues, Vertx vertx) {
        this.feed = feed;
        this.service = service;
        this.admission = admission;
        this.queues = queues;
        admission.onLeaving(() -> open.forEach(Attachment::leave));
        feed.onOutside(() -> open.forEach(Attachment::leave));
        vertx.setPeriodic(CREDENTIALS_MILLIS, timer -> open.forEach(Attachment::lookAtCredential));
    }

    /**
     * What a client asks for.
     *
     * @param session as clients name it
     * @param attachId names the process; empty for one that supersedes no other
     * @param renews whether the connection extends the lease; else the client does, with keepalives
     */
    public record Terms(String session, String attachId, boolean renews) {}

    /** One session with its connection; all on the event loop of the connection. */
    private final class Attachment implements Streamed, SessionWatcher {
        private final Context context;
        private final Caller caller;
        private final Terms terms;
        private final String session;
        private final String address;
        private final AttachedSession attached;
        private final Promise<Void> begun = Promise.promise();

        /** Of the timer that looks at credentials. */
        private final Permit permit;

        private volatile boolean reauthenticate;
        private @Nullable Runnable unwatch;
        private long timer = -1;
        private boolean over;

        Attachment(Context context, Caller caller, String address, Terms terms, Outlet outlet, SignOfLife sign) {
            this.context = context;
            this.caller = caller;
            this.terms = terms;
            this.session = terms.session();
            this.address = address;
            this.permit = feed.permit(caller);
            this.attached = new AttachedSession(new AttachedSession.Parts(
                    outlet,
                    terms.attachId(),
                    // What this node applied was told to the connection too: more is not needed after the beginning.
                    new AttachedSession.Inquiry(terms.renews(), () -> inquire(ReadOptions.LOCAL)),
                    () -> sign.isThere().compose(this::here),
                    this::ended,
                    vanished::increment));
        }

        private String place() {
            return caller.principal() + ' ' + session;
        }

        private Uni<Answer<KeptAlive>> inquire(ReadOptions read) {
            return terms.renews() ? service.keepAlive(caller, session, true) : feed.session(caller, session, read);
        }

        private Future<Boolean> here(boolean drained) {
            Promise<Boolean> here = Promise.promise();
            context.runOnContext(v -> here.complete(drained));
            return here.future();
        }

        void start() {
            feed.watch(session, this, unwatching -> context.runOnContext(v -> watched(unwatching)));
            String attachId = terms.attachId();
            Uni<?> named = attachId.isEmpty() ? Uni.createFrom().nullItem() : service.attach(caller, session, attachId);
            named.chain(ready -> inquire(ReadOptions.LINEARIZABLE))
                    .chain(this::alive)
                    .subscribe()
                    .with(answer -> context.runOnContext(v -> begin(answer)), this::refuse);
        }

        private Uni<Answer<KeptAlive>> alive(Answer<KeptAlive> answer) {
            if (answer.value().state() == KeptAlive.State.NOT_YOURS) {
                return feed.notYours(caller, session)
                        .chain(refused -> Uni.createFrom().failure(refused));
            }
            // Reading a session that is not there says why it is not.
            return answer.value().state() == KeptAlive.State.ALIVE
                    ? Uni.createFrom().item(answer)
                    : service.session(caller, session, ReadOptions.LOCAL).map(never -> answer);
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
                Attachment before = byPlace.put(place(), this);
                if (before != null) {
                    before.superseded(terms.attachId(), first.at().revision().toString());
                }
                attached.begin(first);
                if (admission.isLeaving() || feed.isOutside()) {
                    attached.leave();
                    return;
                }
                timer = context.owner().setPeriodic(attached.tickMillis(), t -> attached.tick(System.nanoTime()));
            }
        }

        /** The node is about to end, or is no member any more, or the credential proves nothing; any thread. */
        private void leave() {
            context.runOnContext(v -> {
                if (begun.future().isComplete()) {
                    attached.leave();
                }
            });
        }

        /** Warns the client before its credential expires, and ends when it has expired; on the timer for that. */
        private void lookAtCredential() {
            long left = permit.isOutdated() && permit.renewed() == null ? 0 : permit.leftMillis();
            if (left <= 0) {
                leave();
            } else if (left <= EventStreams.REAUTHENTICATE_MILLIS && !reauthenticate) {
                context.runOnContext(v -> reauthenticate = attached.reauthenticate(left));
            }
        }

        /** Another connection attached to the session, of the process that it named or did not; any thread. */
        private void superseded(String byAttachId, String at) {
            context.runOnContext(v -> attached.superseded(byAttachId, session, at));
        }

        private void ended() {
            over = true;
            open.remove(this);
            byPlace.remove(place(), this);
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
     * Attaches the connection of a request, and no other one of this node, to a session. On the event loop of the
     * connection.
     *
     * @throws Refused {@code OVERLOADED}, or {@code NOT_READY} when the node is starting
     */
    public Streamed attach(Caller caller, Terms terms, Outlet outlet, HttpServerRequest request) {
        Context current = Vertx.currentContext();
        if (current == null) {
            throw new IllegalStateException("a session is attached on the event loop of its connection");
        }
        SocketAddress remote = request.connection().remoteAddress(true);
        String address = remote == null ? "" : String.valueOf(remote.hostAddress());
        admission.enter(address);
        Context context = VertxContext.getRootContext(current);
        Attachment attachment = new Attachment(context, caller, address, terms, outlet, sign(request));
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
