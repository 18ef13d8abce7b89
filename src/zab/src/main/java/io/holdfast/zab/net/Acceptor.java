package io.holdfast.zab.net;

import io.holdfast.zab.core.ServerId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.net.BindException;
import java.nio.ByteBuffer;

/** The peer port: lets in who belongs to the ensemble. */
final class Acceptor {

    /** Connections whose first frame is awaited; strangers must not exhaust memory. */
    private static final int STRANGERS_MAX = 64;

    private static final int READ_IDLE_SECONDS = 30;

    /** Takes connections over. */
    interface Admission {

        /** A peer was let in; the receiver of the socket must be set at once. */
        void admitted(ServerId peer, LinkKind kind, FramedSocket socket);
    }

    private final Vertx vertx;
    private final NetConfig config;
    private final Handshake handshake;
    private final Complaints complaints;
    private final Admission admission;
    private final NetServer server;
    private int strangers;

    Acceptor(Vertx vertx, NetConfig config, Handshake handshake, Complaints complaints, Admission admission) {
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
        if (strangers >= STRANGERS_MAX) {
            complaints.warn("peer port", "too many connections that say nothing; a new one was closed");
            socket.close();
            return;
        }
        new Stranger(socket);
    }

    /** A connection that has not said yet who is there. */
    private final class Stranger implements FramedSocket.Receiver {
        private final FramedSocket socket;
        private final long timer;

        Stranger(NetSocket socket) {
            strangers++;
            this.timer = vertx.setTimer(Handshake.TIMEOUT_MILLIS, ignored -> turnedAway("no greeting in time"));
            this.socket = new FramedSocket(socket, this);
        }

        @Override
        public void frame(ByteBuffer body) throws FrameException {
            Greeting peer = Greeting.decode(body);
            String objection = handshake.objection(peer);
            if (objection != null) {
                socket.write(handshake.refusal(objection, peer));
                turnedAway(objection);
                return;
            }
            leave();
            socket.write(handshake.greeting(peer.kind()));
            socket.agreed(handshake.version(peer));
            admission.admitted(peer.from(), peer.kind(), socket);
        }

        @Override
        public void ended(String reason) {
            leave();
            // A probe of the port opens and closes it; that is nothing to complain about.
            if (!reason.equals(FramedSocket.CLOSED_BY_PEER)) {
                complaints.warn("peer port", "a stranger at " + hostOf(socket) + ": " + reason);
            }
        }

        private void turnedAway(String reason) {
            leave();
            complaints.warn("peer port", "turned away " + hostOf(socket) + ": " + reason);
            socket.close();
        }

        private void leave() {
            strangers--;
            vertx.cancelTimer(timer);
        }
    }

    /** Without the port, which differs at every attempt. */
    private static String hostOf(FramedSocket socket) {
        String remote = socket.remote();
        int colon = remote.lastIndexOf(':');
        return colon < 0 ? remote : remote.substring(0, colon);
    }
}
