package io.holdfast.zab.net;

import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.ServerId;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.nio.ByteBuffer;

/**
 * Opens connections to peers and goes through the handshake. Names are resolved at each dial: addresses of pods move.
 */
final class Dialer {

    private static final int CONNECT_TIMEOUT_MILLIS = 1_000;

    /** How a dial ended; exactly one of the two is called, later. */
    interface Outcome {

        /** The peer is who it should be; the receiver of the socket must be set at once. */
        void opened(FramedSocket socket);

        void failed(String reason);
    }

    /** Hears of peers that do not know this server. */
    interface Outside {

        /** The peer has a configuration of that version, in which this server is no member; the dial failed. */
        void turnedAway(ServerId by, long version);
    }

    private final Vertx vertx;
    private final NetConfig config;
    private final Handshake handshake;
    private final Outside outside;
    private final NetClient client;
    private final Names names;
    private final TlsTransport transport;

    Dialer(Vertx vertx, NetConfig config, Handshake handshake, TlsTransport transport, Outside outside) {
        this.transport = transport;
        this.outside = outside;
        this.vertx = vertx;
        this.config = config;
        this.handshake = handshake;
        this.client = vertx.createNetClient(
                new NetClientOptions().setTcpNoDelay(true).setConnectTimeout(CONNECT_TIMEOUT_MILLIS));
        this.names = new Names(vertx, "holdfast-names-" + config.clusterId() + "-" + config.self());
    }

    void dial(Member to, LinkKind kind, Outcome outcome) {
        names.resolve(config.addresses().apply(to))
                .compose(address -> transport.connect(client, address))
                .onSuccess(socket -> new Opening(to, kind, socket, outcome).greet())
                .onFailure(e -> outcome.failed(String.valueOf(e.getMessage())));
    }

    void close() {
        client.close();
        names.close();
    }

    /** A connection on which the peer has not answered the greeting yet. */
    private final class Opening implements FramedSocket.Receiver {
        private final Member wanted;
        private final LinkKind kind;
        private final FramedSocket socket;
        private final Outcome outcome;
        private final long timer;

        Opening(Member wanted, LinkKind kind, NetSocket socket, Outcome outcome) {
            this.wanted = wanted;
            this.kind = kind;
            this.socket = new FramedSocket(socket, this);
            this.outcome = outcome;
            this.timer = vertx.setTimer(transport.timeoutMillis(), ignored -> fail("no answer to the greeting"));
        }

        void greet() {
            String objection = transport.objection(socket, wanted.id(), wanted.host());
            if (objection == null) {
                socket.write(handshake.greeting(kind));
            } else {
                fail(objection);
            }
        }

        @Override
        public void frame(ByteBuffer body) throws FrameException {
            Greeting peer;
            try {
                peer = Greeting.decode(body);
            } catch (RefusedException e) {
                if (e.outsideOf() >= 0) {
                    outside.turnedAway(wanted.id(), e.outsideOf());
                }
                throw e;
            }
            String objection = handshake.objection(peer);
            if (objection == null && !peer.from().equals(wanted.id())) {
                objection = "server " + peer.from() + " answers where server " + wanted.id() + " should";
            }
            if (objection != null) {
                fail(objection);
                return;
            }
            vertx.cancelTimer(timer);
            socket.agreed(peer.diskId(), handshake.version(peer), kind.bodyBytesMax());
            outcome.opened(socket);
        }

        @Override
        public void ended(String reason) {
            vertx.cancelTimer(timer);
            outcome.failed(reason);
        }

        private void fail(String reason) {
            vertx.cancelTimer(timer);
            socket.close();
            outcome.failed(reason);
        }
    }
}
