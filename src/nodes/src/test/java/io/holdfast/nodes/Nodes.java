package io.holdfast.nodes;

import io.holdfast.ensemble.Blueprint;
import io.holdfast.ensemble.Ensemble;
import io.holdfast.ensemble.PeerNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/** Gives each test an ensemble of packaged servers of its own, and shows the ends of their logs when it fails. */
final class Nodes implements BeforeEachCallback, TestExecutionExceptionHandler, AfterEachCallback {

    private static final Path SERVER_JAR = Path.of("../server/target/holdfast-server.jar");
    private static final int LOG_LINES = 40;

    private final int count;
    private final UnaryOperator<Blueprint> changes;
    private int behindProxies;
    private PeerNetwork network;
    private Ensemble ensemble;

    Nodes(int count) {
        this(count, blueprint -> blueprint);
    }

    Nodes(int count, UnaryOperator<Blueprint> changes) {
        this.count = count;
        this.changes = changes;
    }

    /** Nodes of which none is taken for dead while it runs, however slow the machine: for all but failures. */
    static Nodes patient(int count) {
        return new Nodes(count, Nodes::patient);
    }

    /** The same with the patience of {@link #patient(int)}. */
    static Blueprint patient(Blueprint blueprint) {
        return blueprint
                .with("holdfast.zab.reach", "5s")
                .with("holdfast.zab.sync-limit", "20s")
                .with("holdfast.zab.init-limit", "60s")
                .with("holdfast.zab.fsync-stall", "30s")
                .with("holdfast.zab.leader-wait", "30s")
                .with("holdfast.limits.in-step-wait", "2m")
                .with("holdfast.zab.request", "60s");
    }

    Ensemble ensemble() {
        return ensemble;
    }

    /** The same, with a network between the nodes that can be broken. */
    Nodes behindProxies() {
        return behindProxies(count);
    }

    /** The same, with room for nodes that join, with ids up to {@code most}. */
    Nodes behindProxies(int most) {
        behindProxies = most;
        return this;
    }

    /** The network between the nodes, when they are behind proxies. */
    PeerNetwork network() {
        return network;
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        var name = context.getRequiredTestClass().getSimpleName() + "."
                + context.getRequiredTestMethod().getName();
        var blueprint = changes.apply(blueprint(name, count));
        if (behindProxies > 0) {
            network = new PeerNetwork(behindProxies);
            ensemble = new Ensemble(blueprint, network);
        } else {
            ensemble = new Ensemble(blueprint);
        }
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw withLogs(failure, ensemble);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (ensemble != null) {
            ensemble.close();
        }
        if (network != null) {
            network.close();
        }
    }

    /** So many nodes with the server's defaults, but for leases that may be longer, and no past. */
    static Blueprint blueprint(String name, int count) throws IOException {
        if (!Files.isRegularFile(SERVER_JAR)) {
            throw new IOException(SERVER_JAR + " is missing: these tests run after mvn package, as mvn verify does");
        }
        var directory = Path.of("target/ensembles").resolve(name).toAbsolutePath();
        delete(directory);
        return Blueprint.of(SERVER_JAR.toAbsolutePath(), directory, count)
                .startedOften()
                .with("holdfast.session.ttl-max", Client.TTL.toSeconds() + "s");
    }

    /** Adds the ends of the nodes' logs to what failed. */
    static Throwable withLogs(Throwable failure, Ensemble ensemble) {
        failure.addSuppressed(new AssertionError("The nodes said last:\n" + ensemble.logTails(LOG_LINES)));
        return failure;
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
