package io.holdfast.zab.net;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.ConfigurationCodec;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * How a node that nobody's list has finds its ensemble (decision 0018): it asks the addresses that it was given, one
 * after the other and again, until a member tells the committed configuration. A member tells only one that it has in
 * it, so this waits until an operator has added the node. Used on one context.
 */
public final class Joining {

    private static final Logger LOG = Logger.getLogger(Joining.class);
    private static final int CONNECT_TIMEOUT_MILLIS = 1_000;
    private static final long PAUSE_MILLIS = 1_000;

    /** Larger than any configuration: 64 members with the longest names. */
    private static final int CONFIGURATION_BYTES_MAX = 64 << 10;

    private final Vertx vertx;
    private final Handshake handshake;
    private final List<SocketAddress> seeds;
    private final long generation;
    private final NetClient client;
    private final Names names;
    private final TlsTransport transport;
    private final Complaints complaints = new Complaints();
    private final Promise<Configuration> found = Promise.promise();
    private boolean saidThatItWaits;

    private Joining(Vertx vertx, NetConfig config, List<SocketAddress> seeds, long generation) {
        this.vertx = vertx;
        this.handshake = new Handshake(
                config, id -> true, () -> Greeting.NO_GENERATION, () -> Configuration.FIRST_LEVEL, () -> -1);
        this.seeds = List.copyOf(seeds);
        this.generation = generation;
        this.client = vertx.createNetClient(
                new NetClientOptions().setTcpNoDelay(true).setConnectTimeout(CONNECT_TIMEOUT_MILLIS));
        this.transport = new TlsTransport(vertx, config);
        this.names = new Names(vertx, "holdfast-join-" + config.clusterId() + "-" + config.self());
    }

    /**
     * Asks until somebody answers; the future waits as long as that takes.
     *
     * @param config who asks
     * @param seeds addresses of members, one at least
     * @param generation of the ensemble: what a member of another one tells does not count; 0 for any
     */
    public static Future<Configuration> ask(Vertx vertx, NetConfig config, List<SocketAddress> seeds, long generation) {
        Joining joining = new Joining(vertx, config, seeds, generation);
        joining.ask(0);
        return joining.found.future().onComplete(ended -> {
            joining.client.close();
            joining.names.close();
            joining.transport.close();
        });
    }

    /** Returns the frame that answers a node that joins. */
    static ByteBuffer answer(Configuration committed) {
        ByteBuffer out = ByteBuffer.allocate(CONFIGURATION_BYTES_MAX);
        int start = Frame.begin(out);
        Fields.putPayload(out, ConfigurationCodec.payload(committed));
        Frame.end(out, start);
        return out.flip();
    }

    private void ask(int index) {
        SocketAddress seed = seeds.get(index % seeds.size());
        names.resolve(seed)
                .compose(address -> transport.connect(client, address))
                .compose(socket -> new Conversation(socket, seed.host()).configuration())
                .onSuccess(found::tryComplete)
                .onFailure(e -> {
                    complaints.warn(Complaints.Kind.UNREACHABLE, "address " + seed, String.valueOf(e.getMessage()));
                    sayThatItWaits();
                    boolean all = (index + 1) % seeds.size() == 0;
                    vertx.setTimer(all ? PAUSE_MILLIS : 1, ignored -> ask(index + 1));
                });
    }

    private void sayThatItWaits() {
        if (!saidThatItWaits) {
            saidThatItWaits = true;
            LOG.warnf(
                    "this node waits until a member of the ensemble at %s lets it in: add its id as an observer,"
                            + " with the address of its peer port",
                    seeds);
        }
    }

    /** One connection to one address. */
    private final class Conversation implements FramedSocket.Receiver {
        private final Promise<Configuration> told = Promise.promise();
        private final FramedSocket socket;
        private final String host;
        private final long timer;
        private @Nullable Greeting peer;

        Conversation(NetSocket opened, String host) {
            this.host = host;
            this.socket = new FramedSocket(opened, this);
            this.timer = vertx.setTimer(transport.timeoutMillis(), ignored -> end("no answer to the greeting"));
        }

        Future<Configuration> configuration() {
            socket.write(handshake.greeting(LinkKind.JOINING));
            return told.future();
        }

        @Override
        public void frame(ByteBuffer body) throws FrameException {
            if (peer == null) {
                Greeting greeting = Greeting.decode(body);
                String objection = handshake.objection(greeting);
                if (objection == null) {
                    objection = transport.objection(socket, greeting.from(), host);
                }
                peer = greeting;
                socket.agreed(greeting.diskId(), handshake.version(greeting), CONFIGURATION_BYTES_MAX);
                if (objection != null) {
                    end(objection);
                }
                return;
            }
            try {
                Configuration committed = ConfigurationCodec.of(Fields.getPayload(body));
                if (generation == 0 || committed.generation() == generation) {
                    told.tryComplete(committed);
                    end("answered");
                } else {
                    end("it is of generation " + committed.generation() + ", and this node is for generation "
                            + generation + " (holdfast.generation)");
                }
            } catch (BufferUnderflowException | IllegalArgumentException e) {
                throw new FrameException("malformed configuration: " + e);
            }
        }

        @Override
        public void ended(String reason) {
            end(reason);
        }

        private void end(String reason) {
            vertx.cancelTimer(timer);
            socket.close();
            told.tryFail(reason);
        }
    }
}
