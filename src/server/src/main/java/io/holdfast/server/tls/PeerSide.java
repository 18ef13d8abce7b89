package io.holdfast.server.tls;

import io.holdfast.server.config.HoldfastConfig;
import io.holdfast.server.config.NodeSettings;
import io.holdfast.server.config.PeerTlsConfig;
import io.holdfast.zab.net.PeerTls;
import io.holdfast.zab.tls.TlsFileException;
import io.holdfast.zab.tls.TlsFiles;
import io.holdfast.zab.tls.TlsMaterial;
import io.vertx.core.Vertx;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The certificate that this node shows to other members. */
final class PeerSide {

    private static final Logger LOG = Logger.getLogger("io.holdfast.tls");
    private static final String PREFIX = "holdfast.peer.tls.";

    private final Vertx vertx;
    private final HoldfastConfig config;
    private final PeerTlsConfig settings;
    private final @Nullable WatchedFiles files;
    private volatile PeerTls tls = PeerTls.off();

    PeerSide(Vertx vertx, HoldfastConfig config) {
        this.vertx = vertx;
        this.config = config;
        this.settings = config.peer().tls();
        this.files = settings.mode() == PeerTls.Mode.OFF ? null : new WatchedFiles("peers", PREFIX, "ca", this::check);
    }

    private void check(TlsMaterial material) throws TlsFileException {
        PeerTls.check(
                material,
                settings.sharedCertificate(),
                config.clusterId(),
                NodeSettings.self(config),
                NodeSettings.hostForPeers(config));
    }

    void begin() {
        WatchedFiles watched = files;
        if (watched == null) {
            return;
        }
        if (settings.sharedCertificate()) {
            LOG.warnf(
                    "%sshared-certificate is true: each member, and each process that has its key, may act as any other"
                            + " member",
                    PREFIX);
        }
        TlsFiles named = new TlsFiles(
                watched.needed("certificate", settings.certificate(), settings.mode()),
                watched.needed("key", settings.key(), settings.mode()),
                watched.needed("ca", settings.ca(), settings.mode()),
                settings.crl().orElse(null));
        tls = PeerTls.of(settings.mode(), settings.sharedCertificate(), watched.begin(vertx, named));
    }

    void look() {
        if (files != null) {
            files.look(vertx, tls::replace);
        }
    }

    PeerTls tls() {
        return tls;
    }

    @Nullable
    WatchedFiles files() {
        return files;
    }
}
