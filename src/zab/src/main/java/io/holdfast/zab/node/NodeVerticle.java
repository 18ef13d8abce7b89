package io.holdfast.zab.node;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.ConfigurationCodec;
import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.Recovered;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.TxnType;
import io.holdfast.zab.log.DirectoryRefusedException;
import io.holdfast.zab.log.Disk;
import io.holdfast.zab.log.LogIdentity;
import io.holdfast.zab.log.Opened;
import io.holdfast.zab.log.SnapshotStore;
import io.holdfast.zab.log.WriteAheadLog;
import io.holdfast.zab.net.Joining;
import io.holdfast.zab.net.NetConfig;
import io.holdfast.zab.net.Workers;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Starts and stops a node; being a verticle gives it a context of its own, and an end when Vert.x is closed. */
final class NodeVerticle<S extends StateMachine> extends AbstractVerticle {

    private static final Logger LOG = Logger.getLogger(ZabNode.class);

    /** What was read from the disk, and the disk, to be closed after it. */
    private record Directory<S>(Disk disk, Opened opened, StateFiles.Loaded<S> state) {}

    private static final int WORKERS = 3;
    private static final int WORK_MINUTES_MAX = 10;

    private final NodeParts<S> parts;

    /** Identity of the data directory if it is new. */
    private final DiskId diskIfNew;

    private @Nullable Directory<S> directory;
    private @Nullable NodeLoop<S> loop;
    private @Nullable Workers workers;
    private int port;

    NodeVerticle(NodeParts<S> parts) {
        this.parts = parts;
        SecureRandom random = new SecureRandom();
        this.diskIfNew = new DiskId(random.nextLong(), random.nextLong());
    }

    /** Returns the running part; known once the verticle has started. */
    NodeLoop<S> loop() {
        NodeLoop<S> started = loop;
        if (started == null) {
            throw new IllegalStateException("the node has not started");
        }
        return started;
    }

    SnapshotStore snapshots() {
        Directory<S> open = directory;
        if (open == null) {
            throw new IllegalStateException("the node has not started");
        }
        return open.opened().snapshots();
    }

    int port() {
        return port;
    }

    @Override
    public void start(Promise<Void> started) {
        NodeConfig config = parts.config();
        // Made in here it ends after this verticle; Vert.x' own would be interrupted before the node could stop.
        Workers own = new Workers(
                context,
                vertx.createSharedWorkerExecutor(
                        "holdfast-disk-" + config.clusterId() + "-" + config.self(),
                        WORKERS,
                        WORK_MINUTES_MAX,
                        TimeUnit.MINUTES));
        workers = own;
        initial(own)
                .compose(configuration -> own.run(() -> open(configuration)))
                .compose(opened -> {
                    directory = opened;
                    loop = new NodeLoop<>(vertx, parts, own, opened.opened(), opened.state());
                    return loop().listen();
                })
                .onSuccess(number -> {
                    port = number;
                    loop().begin();
                    started.complete();
                })
                .onFailure(cause -> abandon(cause, started));
    }

    @Override
    public void stop(Promise<Void> stopped) {
        loop().stop()
                .eventually(() -> workers().run(this::close))
                .eventually(() -> workers().close())
                .onComplete(stopped);
    }

    private Workers workers() {
        return Objects.requireNonNull(workers, "the node has not started");
    }

    /** Returns the configuration that a new directory starts from; a node that joins gets it from its ensemble. */
    private Future<Configuration> initial(Workers own) {
        return own.run(this::isNew)
                .compose(isNew ->
                        isNew ? begun() : Future.succeededFuture(parts.config().bootstrap()));
    }

    private Future<Configuration> begun() {
        NodeConfig config = parts.config();
        if (!config.join().isEmpty()) {
            return joined();
        }
        if (!config.mayFound()) {
            return Future.failedFuture(new NoEnsembleException(
                    "the data directory " + config.dataDirectory() + " has no log, and " + nothingToBeginWith()));
        }
        int count = config.bootstrap().members().size();
        String members = config.bootstrap().members().stream()
                .map(member -> member.id() + "@" + member.address())
                .collect(Collectors.joining(", "));
        LOG.warnf(
                "server %s: the data directory %s has no log: this server takes part in founding the ensemble '%s' of"
                        + " %d (%s)",
                config.self(), config.dataDirectory(), config.clusterId(), count, members);
        return Future.succeededFuture(founding());
    }

    private String nothingToBeginWith() {
        long generation = parts.config().generation();
        return generation == 0
                ? "no setting names its ensemble: set holdfast.members to the members of a new one, holdfast.join to"
                        + " members of one that runs, or holdfast.single-node=true for an ensemble of this node alone"
                : "holdfast.generation=" + generation + " says that the ensemble exists already, so this node founds"
                        + " none: set holdfast.join to members of it that run, or restore a backup";
    }

    /**
     * Each founder draws a generation from its clock; that of the leader goes into the first transaction, and is the
     * ensemble's from there on.
     */
    private Configuration founding() {
        Configuration members = parts.config().bootstrap();
        return parts.config().zab().protocolMax() < Configuration.DISKS_LEVEL || members.version() > 0
                ? members
                : Configuration.founding(System.currentTimeMillis(), members.members());
    }

    private boolean isNew() throws IOException {
        try (Disk disk = parts.disk().open()) {
            return WriteAheadLog.isNew(disk);
        }
    }

    private Future<Configuration> joined() {
        NodeConfig config = parts.config();
        NetConfig net = new NetConfig(
                config.clusterId(),
                config.self(),
                diskIfNew,
                new SecureRandom().nextLong(),
                config.listenHost(),
                config.listenPort(),
                config.laneFramesMax(),
                config.laneBytesMax(),
                config.zab().protocolMax(),
                parts.addresses(),
                config.tls());
        List<SocketAddress> seeds = config.join().stream()
                .map(seed -> SocketAddress.inetSocketAddress(seed.port(), seed.host()))
                .toList();
        return Joining.ask(vertx, net, seeds, config.generation()).compose(this::asObserver);
    }

    /**
     * A directory that knows nothing must not count in any quorum, whatever the ensemble remembers of this id; of a
     * voter that it remembers with its disk it is told apart.
     */
    private Future<Configuration> asObserver(Configuration told) {
        ServerId self = parts.config().self();
        if (!told.contains(self) || told.isVoter(self, diskIfNew)) {
            return Future.failedFuture(new DirectoryRefusedException("server " + self + " is "
                    + (told.contains(self) ? "a voter" : "no member") + " in configuration " + told.version()
                    + ", but its data directory is empty: add it as an observer first, and promote it when it is in"
                    + " step"));
        }
        return Future.succeededFuture(told);
    }

    private Directory<S> open(Configuration initial) throws IOException {
        NodeConfig config = parts.config();
        Disk disk = parts.disk().open();
        try {
            Opened opened = WriteAheadLog.open(
                    disk, config.log(), new LogIdentity(config.clusterId(), config.self()), initial, diskIfNew);
            checkLevel(opened.recovered());
            checkFounded(opened.recovered());
            opened.notes().forEach(note -> LOG.infof("server %s: %s", config.self(), note));
            StateFiles.Loaded<S> state = new StateFiles<>(opened.snapshots(), parts.factory(), new LogPace())
                    .load(opened.recovered().snapshot().zxid());
            return new Directory<>(disk, opened, state);
        } catch (IOException | RuntimeException e) {
            disk.close();
            throw e;
        }
    }

    /** The members agreed on what they speak, and would refuse this server; nor would it know what they mean. */
    private void checkLevel(Recovered recovered) throws DirectoryRefusedException {
        int level = recovered.configuration().level();
        for (Txn txn : recovered.txns()) {
            if (txn.type() == TxnType.CONFIGURATION) {
                level = Math.max(level, ConfigurationCodec.of(txn.payload()).level());
            }
        }
        int spoken = parts.config().zab().protocolMax();
        if (level > spoken) {
            throw new DirectoryRefusedException("The ensemble of the data directory "
                    + parts.config().dataDirectory() + " has agreed on version " + level
                    + " of the peer protocol, and this server speaks " + spoken
                    + " at most. Raise holdfast.peer.protocol-max, or start the release that was here before.");
        }
    }

    /** A founder that never saw the first transaction could still found an ensemble beside the one that exists. */
    private void checkFounded(Recovered recovered) throws DirectoryRefusedException {
        NodeConfig config = parts.config();
        boolean founds =
                recovered.configuration().isFounding() && recovered.txns().isEmpty();
        if (config.generation() != 0 && founds) {
            throw new DirectoryRefusedException("The data directory " + config.dataDirectory()
                    + " is of a founder that saw no transaction, and holdfast.generation=" + config.generation()
                    + " says that the ensemble exists already. The directory holds nothing: empty it.");
        }
    }

    private boolean close() throws IOException, InterruptedException {
        Directory<S> open = directory;
        if (open == null) {
            return false;
        }
        try {
            loop().closeLog();
        } finally {
            open.disk().close();
        }
        return true;
    }

    /** Nothing runs yet, but the directory may be open. */
    private void abandon(Throwable cause, Promise<Void> started) {
        Directory<S> open = directory;
        workers()
                .run(() -> {
                    if (open != null) {
                        try {
                            open.opened().log().close();
                        } finally {
                            open.disk().close();
                        }
                    }
                    return true;
                })
                .eventually(() -> workers().close())
                .onComplete(ignored -> started.fail(cause));
    }
}
