package io.holdfast.bench;

import io.holdfast.ensemble.Blueprint;
import io.holdfast.ensemble.Ensemble;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** Three Holdfast nodes from the packaged server. */
final class Holdfast implements LockSystem {

    private final Vertx vertx;
    private final NetClient net;
    private final Ensemble ensemble;

    Holdfast(Vertx vertx, NetClient net, Path serverJar, Path directory) throws IOException {
        this.vertx = vertx;
        this.net = net;
        this.ensemble = new Ensemble(Blueprint.of(serverJar, directory, NODES));
    }

    @Override
    public String name() {
        return "Holdfast";
    }

    @Override
    public void start() throws IOException, TimeoutException {
        ensemble.start();
    }

    /** The port of a node's API. */
    int port(int node) {
        return ensemble.port(node);
    }

    @Override
    public LockClient client(int node) {
        return new HoldfastClient(vertx, net, ensemble.port(node));
    }

    @Override
    public int leader() throws TimeoutException {
        return ensemble.awaitLeader();
    }

    @Override
    public void kill(int node) throws TimeoutException {
        ensemble.node(node).kill();
    }

    @Override
    public void restart(int node) throws IOException, TimeoutException {
        ensemble.node(node).start();
        ensemble.awaitReady();
    }

    @Override
    public Duration cpu() {
        return ensemble.cpu();
    }

    @Override
    public void close() {
        ensemble.close();
    }
}
