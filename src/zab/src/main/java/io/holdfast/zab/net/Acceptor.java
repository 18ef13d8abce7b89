package io.holdfast.zab.net;

import io.holdfast.zab.core.ServerId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.net.BindException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The peer port: accepts members of the ensemble. */
final class Acceptor {

    private static final int READ_IDLE_SECONDS = 30;

    /** Takes connections over. */
    interface Admission {

        /** The sender of this greeting was accepted; the receiver of the socket must be set at once. */
        void admitted(Greeting peer, FramedSocket socket);

        /** Returns the host that the configuration has for a member; null when it is none. */
        @Nullable
        String host(ServerId member);
    }

    private final Vertx vertx;
    private final NetConfig config;
    private final Handshake handshake;
    private final Complaints complaints;
    private final Admission admission;
    private final NetServer server;
    private final TlsTransport transport;
    private final Strangers<Stranger> strangers;

    Acceptor(
            Vertx vertx,
            NetConfig config,
            Handshake handshake,
            TlsTransport transport,
            Complaints complaints,
            Admission admission) {
        this.transport = transport;
        this.strangers =
                new Strangers<>(transport.dialsSecured() ? Strangers.SILENT_TLS_NANOS : Strangers.SILENT_NANOS);
        this.vertx = vertx;
        this.config = config;
        this.handshake = handshake;
        this.complaints = complaints;
        this.admission = admission;
        this.server = vertx.createNetServer(
                new NetServerOptions().setTcpNoDelay(true).setReuseAddress(true).setReadIdleTimeout(READ_IDLE_SECONDS));
    }

    /** Opens the peer port; the future has its number. */
    Future<Integer> listen() {
        return server.connectHandler(this::arrived)
                .listen(config.listenPort(), config.listenHost())
                .map(NetServer::actualPort)
                .recover(e -> Future.failedFuture(e instanceof BindException ? named(e) : e));
    }

    private BindException named(Throwable taken) {
        BindException named = new BindException("the peer port " + config.listenHost() + ":" + config.listenPort()
                + " cannot be opened: " + taken.getMessage());
        named.initCause(taken);
        return named;
    }

    Future<Void> close() {
        return server.close();
    }

    private void arrived(NetSocket socket) {
        Stranger stranger = new Stranger(socket);
        Stranger leaving = strangers.enter(stranger, stranger.host, System.nanoTime());
        if (leaving != null) {
            leaving.turnedAway("it says nothing, and there are too many of its kind");
        }
    }

    /** A connection that has not greeted yet. */
    private final class Stranger implements FramedSocket.Receiver {
        private final FramedSocket socket;
        private final String host;
        private final long timer;

        Stranger(NetSocket socket) {
            this.host = Addresses.network(socket.remoteAddress());
            this.timer = vertx.setTimer(transport.timeoutMillis(), ignored -> turnedAway("no greeting in time"));
            transport.accept(socket);
            this.socket = new FramedSocket(socket, this);
        }

        @Override
        public void frame(ByteBuffer body) throws FrameException {
            Greeting peer = Greeting.decode(body);
            String objection = handshake.objection(peer);
            if (objection == null) {
                objection = transport.objection(socket, peer.from(), admission.host(peer.from()));
            }
            if (objection != null) {
                socket.write(handshake.refusal(objection, peer));
                turnedAway(objection);
                return;
            }
            leave();
            socket.write(handshake.greeting(peer.kind()));
            socket.agreed(peer.diskId(), handshake.version(peer), peer.kind().bodyBytesMax());
            admission.admitted(peer, socket);
        }

        @Override
        public void ended(String reason) {
            leave();
            // A probe of the port opens and closes it; that is nothing to complain about.
            if (!reason.equals(FramedSocket.CLOSED_BY_PEER)) {
                complaints.warn(Complaints.Kind.STRANGER, "a stranger at " + host, reason);
            }
        }

        private void turnedAway(String reason) {
            leave();
            complaints.warn(Complaints.Kind.STRANGER, "a stranger at " + host, "turned away: " + reason);
            socket.close();
        }

        private void leave() {
            strangers.leave(this);
            vertx.cancelTimer(timer);
        }
    }
}
