package io.holdfast.server.tls;

import io.holdfast.server.config.BadConfiguration;
import io.holdfast.server.config.HoldfastConfig;
import io.holdfast.zab.net.PeerTls;
import io.holdfast.zab.tls.TlsMaterial;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The uses of TLS at this node: its files are read at the start, and again when they change. For any thread. */
@Singleton
public final class NodeTls {

    /** How long before its end the certificate of a use is warned of. */
    private static final double WARN_SECONDS = Duration.ofDays(7).toSeconds();

    private final HoldfastConfig config;
    private final PeerSide peers;
    private final ClientSide clients;
    private boolean started;
    private volatile @Nullable Future<?> looks;

    /** Of its own: files on a share that does not answer must not take threads that others wait for. */
    private final ScheduledExecutorService looking =
            Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("holdfast-tls-files", true));

    /** Reads no file before {@link #start}. */
    @Inject
    NodeTls(Vertx vertx, HoldfastConfig config) {
        this.config = config;
        this.peers = new PeerSide(vertx, config);
        this.clients = new ClientSide(vertx, config.tls());
    }

    /**
     * Reads the files, and looks at them again from now on; blocks. Further calls do nothing.
     *
     * @throws BadConfiguration naming the setting whose file is missing or cannot be used
     */
    public synchronized void start() {
        if (started) {
            return;
        }
        peers.begin();
        clients.begin();
        started = true;
        if (!uses().isEmpty()) {
            long millis = config.tls().reload().toMillis();
            looks = looking.scheduleWithFixedDelay(this::look, millis, millis, TimeUnit.MILLISECONDS);
        }
    }

    private void look() {
        peers.look();
        clients.look();
    }

    /** Looks at no file any more. */
    public void stop() {
        Future<?> begun = looks;
        if (begun != null) {
            begun.cancel(false);
        }
        looking.shutdown();
    }

    /** Returns how connections with other members are secured; known once it was started. */
    public PeerTls peers() {
        return peers.tls();
    }

    /** Gives the HTTPS port what it needs; nothing when clients are served without TLS. Starts if it has not. */
    void secure(HttpServerOptions options) {
        start();
        clients.secure(options);
    }

    /**
     * Returns why a client's certificate is no longer good, although it was when its connection began; null when it is.
     * To be asked at each request: neither a connection nor a session that is resumed is checked again by itself.
     *
     * @param chain of {@link ClientSide#chain}, not empty
     */
    public @Nullable String clientObjection(List<X509Certificate> chain) {
        return clients.objection(chain);
    }

    /** Returns whether a client is this node itself, by the certificate that it has shown. */
    public boolean isItself(List<X509Certificate> chain) {
        return clients.isOwn(chain);
    }

    /** Returns what this node asks itself with, trusting its own certificate for clients alone; null without TLS. */
    public @Nullable SSLContext toItself() {
        return clients.toItself();
    }

    /** Returns each use that this node has. */
    public List<WatchedFiles> uses() {
        return Stream.of(peers.files(), clients.files())
                .flatMap(Stream::ofNullable)
                .toList();
    }

    /** Returns how this node secures its connections now: with other members, and with clients. */
    public List<TlsUse> shown() {
        return List.of(
                shown("peers", config.peer().tls().mode(), peers().links(false), peers.files()),
                shown("clients", config.tls().mode(), null, clients.files()));
    }

    private static TlsUse shown(String use, Enum<?> mode, @Nullable Integer plainLinks, @Nullable WatchedFiles files) {
        TlsMaterial read = files == null ? null : files.material();
        return new TlsUse(
                use,
                mode.name().toLowerCase(Locale.ROOT),
                plainLinks,
                read == null ? null : read.certificateHash(),
                read == null ? null : read.authoritiesHash());
    }

    /** Returns what to know about certificates that end soon. */
    public List<String> warnings() {
        return uses().stream()
                .filter(use -> use.secondsLeft() < WARN_SECONDS)
                .map(use -> "the certificate for " + use.use() + " of node " + config.nodeId() + " ends in "
                        + Math.max(0, (long) use.secondsLeft() / 3_600) + " h: put a new one in its place, it is used"
                        + " without a restart")
                .toList();
    }
}
