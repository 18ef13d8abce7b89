package io.holdfast.server.tls;

import io.holdfast.server.config.BadConfiguration;
import io.holdfast.server.config.HoldfastConfig;
import io.holdfast.server.config.NodeSettings;
import io.holdfast.server.config.PeerTlsConfig;
import io.holdfast.zab.net.PeerTls;
import io.holdfast.zab.tls.TlsFileException;
import io.holdfast.zab.tls.TlsFiles;
import io.holdfast.zab.tls.TlsMaterial;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The uses of TLS at this node: which files each has, and what is done when they change. For any thread. */
@Singleton
public final class NodeTls {

    private static final Logger LOG = Logger.getLogger("io.holdfast.tls");
    private static final String PEERS = "holdfast.peer.tls.";

    /** How long before its end the certificate of a use is warned of. */
    private static final double WARN_SECONDS = Duration.ofDays(7).toSeconds();

    private final Vertx vertx;
    private final HoldfastConfig config;
    private final @Nullable WatchedFiles peerFiles;

    /** Of its own: files on a share that does not answer must not take threads that others wait for. */
    private final ScheduledExecutorService looking =
            Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("holdfast-tls-files", true));

    private volatile @Nullable Future<?> looks;
    private volatile PeerTls peers = PeerTls.off();

    /** Reads no file before {@link #start}. */
    @Inject
    NodeTls(Vertx vertx, HoldfastConfig config) {
        this.vertx = vertx;
        this.config = config;
        this.peerFiles = config.peer().tls().mode() == PeerTls.Mode.OFF
                ? null
                : new WatchedFiles("peers", PEERS, this::checkPeer);
    }

    private TlsFiles filesForPeers() {
        PeerTlsConfig settings = config.peer().tls();
        return new TlsFiles(
                needed("certificate", settings.certificate()),
                needed("key", settings.key()),
                needed("ca", settings.ca()),
                settings.crl().orElse(null));
    }

    private Path needed(String name, Optional<Path> file) {
        return file.orElseThrow(() -> new BadConfiguration(
                PEERS + name,
                "is needed when " + PEERS + "mode is "
                        + config.peer().tls().mode().name().toLowerCase(Locale.ROOT)
                        + "; set it to a PEM file, docs/security.md shows how to make them"));
    }

    private void checkPeer(TlsMaterial material) throws TlsFileException {
        PeerTls.check(
                material,
                config.peer().tls().sharedCertificate(),
                config.clusterId(),
                NodeSettings.self(config),
                NodeSettings.hostForPeers(config));
    }

    /**
     * Reads the files, and looks at them again from now on; blocks.
     *
     * @throws BadConfiguration naming the setting whose file is missing or cannot be used
     */
    public void start() {
        WatchedFiles files = peerFiles;
        if (files == null) {
            return;
        }
        PeerTlsConfig settings = config.peer().tls();
        if (settings.sharedCertificate()) {
            LOG.warnf(
                    "%sshared-certificate is true: each member, and each process that has its key, may act as any other"
                            + " member",
                    PEERS);
        }
        peers = PeerTls.of(settings.mode(), settings.sharedCertificate(), files.begin(vertx, filesForPeers()));
        long millis = config.tls().reload().toMillis();
        looks = looking.scheduleWithFixedDelay(
                () -> files.look(vertx, peers::replace), millis, millis, TimeUnit.MILLISECONDS);
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
        return peers;
    }

    /** Returns each use that this node has. */
    public List<WatchedFiles> uses() {
        return peerFiles == null ? List.of() : List.of(peerFiles);
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
