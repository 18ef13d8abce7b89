package io.holdfast.zab.net;

import io.holdfast.zab.core.ServerId;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.NetSocketInternal;
import java.io.IOException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Puts TLS beneath the connections of one member, before anything is read from them, so that a handshake is one of a
 * stranger and counts as such (decision 0059). The arithmetic of handshakes is done on threads of its own.
 */
final class TlsTransport {

    /** How long the handshake and the greeting may take together. */
    static final long TIMEOUT_MILLIS = 5_000;

    private static final String HANDLER = "holdfast-tls";

    /** First byte of a handshake of TLS; the length of a frame begins with 0. */
    private static final int HANDSHAKE = 0x16;

    private static final int THREADS = 2;
    private static final int IDLE_SECONDS = 10;

    private final Context context;
    private final PeerTls tls;
    private final PeerIdentity identity;
    private final @Nullable ExecutorService threads;

    TlsTransport(Vertx vertx, NetConfig config) {
        this.context = vertx.getOrCreateContext();
        this.tls = config.tls();
        this.identity = new PeerIdentity(config.clusterId(), tls.isShared());
        this.threads = tls.mode() == PeerTls.Mode.OFF
                ? null
                : threads("holdfast-tls-" + config.clusterId() + "-" + config.self());
    }

    /** What waits for them is bounded: strangers are, and so are the peers that are dialed. */
    private static ExecutorService threads(String name) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new DefaultThreadFactory(name, true));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** Has the first handshakes of this process be none that a peer waits for; returns at once. */
    void warmUp() {
        if (threads != null) {
            threads.execute(() -> TlsWarmUp.once(tls));
        }
    }

    /** Returns how long a connection may take until both ends have greeted each other. */
    long timeoutMillis() {
        return tls.mode() == PeerTls.Mode.OFF ? Handshake.TIMEOUT_MILLIS : TIMEOUT_MILLIS;
    }

    /** Returns whether a connection that this server opens begins with TLS. */
    boolean dialsSecured() {
        return tls.mode() != PeerTls.Mode.OFF;
    }

    /** Returns whether a peer that does not speak TLS is talked with nonetheless. */
    boolean takesPlain() {
        return tls.mode() != PeerTls.Mode.REQUIRED;
    }

    /** Secures a connection that was just accepted, or has its first byte say whether it is to be. */
    void accept(NetSocket socket) {
        switch (tls.mode()) {
            case OFF -> {}
            case MIXED -> pipeline(socket).addFirst(HANDLER, new FirstByte());
            case REQUIRED -> pipeline(socket).addFirst(HANDLER, handler(true));
        }
    }

    /**
     * Opens a connection, secured if this server secures any; one that a peer without TLS ends is opened once more
     * without, if that may be. The future completes on the context of this server.
     */
    Future<NetSocket> connect(NetClient client, SocketAddress address) {
        Future<NetSocket> opened = client.connect(address);
        return dialsSecured()
                ? opened.compose(this::secured)
                        .recover(failure -> failure instanceof NoTlsException && takesPlain()
                                ? client.connect(address)
                                : Future.failedFuture(failure))
                : opened;
    }

    private Future<NetSocket> secured(NetSocket socket) {
        Promise<NetSocket> outcome = Promise.promise();
        SslHandler handler = handler(false);
        pipeline(socket).addFirst(HANDLER, handler);
        handler.handshakeFuture()
                .addListener(done -> context.runOnContext(ignored -> {
                    if (done.isSuccess() && done.getNow() instanceof Channel channel && channel.isActive()) {
                        outcome.complete(socket);
                    } else {
                        socket.close();
                        outcome.fail(named(done.cause()));
                    }
                }));
        return outcome.future();
    }

    /** A peer that does not know TLS ends the connection at its first byte, or answers with something else. */
    private static IOException named(@Nullable Throwable failure) {
        return failure instanceof SSLException && !(failure instanceof NotSslRecordException)
                ? new IOException(FramedSocket.reason(failure), failure)
                : new NoTlsException();
    }

    /** The other end closed the connection in the handshake, without a word of TLS. */
    private static final class NoTlsException extends IOException {

        private static final long serialVersionUID = 1L;

        NoTlsException() {
            super("it ended the handshake of TLS: it may not speak TLS (holdfast.peer.tls.mode)");
        }
    }

    /**
     * Returns why this server does not believe that the other end of a connection is that member; null when it does.
     *
     * @param host that the configuration has for the member; null when it is not known
     */
    @Nullable
    String objection(FramedSocket socket, ServerId member, @Nullable String host) {
        SSLSession session = socket.tlsSession();
        if (session == null) {
            return takesPlain() ? null : "it speaks without TLS";
        }
        List<X509Certificate> peer = peer(session);
        if (peer.isEmpty()) {
            return "it shows no certificate";
        }
        String ended = tls.objection(peer);
        return ended == null ? identity.objection(peer.get(0), member, host) : "its certificate " + ended;
    }

    /** Returns why a connection of which {@link #objection} said nothing has to end now; null while it may go on. */
    @Nullable
    String ended(FramedSocket socket) {
        SSLSession session = socket.tlsSession();
        if (session == null || tls.mode() == PeerTls.Mode.OFF) {
            return null;
        }
        String peer = tls.objection(peer(session));
        if (peer != null) {
            return "the peer's certificate " + peer;
        }
        String own = tls.objection(certificates(session.getLocalCertificates()));
        return own == null ? null : "the certificate of this node " + own;
    }

    void close() {
        if (threads != null) {
            threads.shutdown();
        }
    }

    private static List<X509Certificate> peer(SSLSession session) {
        try {
            return certificates(session.getPeerCertificates());
        } catch (SSLPeerUnverifiedException e) {
            return List.of();
        }
    }

    private static List<X509Certificate> certificates(Certificate @Nullable [] chain) {
        return chain == null
                ? List.of()
                : Arrays.stream(chain).map(X509Certificate.class::cast).toList();
    }

    private static ChannelPipeline pipeline(NetSocket socket) {
        return ((NetSocketInternal) socket).channelHandlerContext().pipeline();
    }

    private SslHandler handler(boolean accepted) {
        SslHandler handler = new SslHandler(tls.engine(accepted), Objects.requireNonNull(threads));
        handler.setHandshakeTimeoutMillis(TIMEOUT_MILLIS);
        return handler;
    }

    /** Looks at the first byte, and gives way to TLS or to frames with all that arrived. */
    private final class FirstByte extends ByteToMessageDecoder {

        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
            ChannelPipeline pipeline = context.pipeline();
            if (in.getByte(in.readerIndex()) == HANDSHAKE) {
                ChannelHandler secured = handler(true);
                pipeline.replace(this, HANDLER, secured);
            } else {
                pipeline.remove(this);
            }
        }
    }
}
