package io.holdfast.zab.net;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.jboss.logging.Logger;

/**
 * Handshakes of a node with itself, in memory. The first ones in a process take ten times as long as later ones: they
 * load classes and run code that is not compiled yet. A node meets its first handshake of one kind when it has just
 * become leader, or lost one, which is when clients wait for it.
 */
final class TlsWarmUp {

    private static final Logger LOG = Logger.getLogger(TlsWarmUp.class);

    /** Some 100 ms of one processor, once. */
    static final int HANDSHAKES = 20;

    /** Of the process, as what is loaded and compiled is. */
    private static final AtomicBoolean BEGUN = new AtomicBoolean();

    private static final int BYTES = 64 << 10;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final PeerTls tls;
    private final ByteBuffer plain = ByteBuffer.allocate(BYTES);

    private TlsWarmUp(PeerTls tls) {
        this.tls = tls;
    }

    /** Makes the handshakes once per process; a failure is reported by the first real handshake. */
    static void once(PeerTls tls) {
        if (BEGUN.compareAndSet(false, true)) {
            run(tls);
        }
    }

    /** Makes the handshakes, and returns how many went well. */
    static int run(PeerTls tls) {
        TlsWarmUp warmUp = new TlsWarmUp(tls);
        int made = 0;
        try {
            while (made < HANDSHAKES && !Thread.currentThread().isInterrupted()) {
                warmUp.handshake();
                made++;
            }
        } catch (SSLException | RuntimeException e) {
            LOG.debugf(e, "a handshake of this node with itself failed");
        }
        return made;
    }

    private void handshake() throws SSLException {
        SSLEngine accepting = tls.engine(true);
        SSLEngine opening = tls.engine(false);
        opening.beginHandshake();
        ByteBuffer toAccepting = act(opening, NOTHING);
        while (toAccepting.hasRemaining()) {
            toAccepting = act(opening, act(accepting, toAccepting));
        }
        if (accepting.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
            throw new SSLException("the handshake does not end");
        }
    }

    /** Has one end read all that arrived, and returns its answer. */
    private ByteBuffer act(SSLEngine end, ByteBuffer in) throws SSLException {
        ByteBuffer out = ByteBuffer.allocate(BYTES);
        while (true) {
            switch (end.getHandshakeStatus()) {
                case NEED_TASK -> end.getDelegatedTask().run();
                case NEED_WRAP -> {
                    if (end.wrap(NOTHING, out).getStatus() != Status.OK) {
                        return out.flip();
                    }
                }
                default -> {
                    if (!in.hasRemaining() || end.unwrap(in, plain.clear()).getStatus() != Status.OK) {
                        return out.flip();
                    }
                }
            }
        }
    }
}
