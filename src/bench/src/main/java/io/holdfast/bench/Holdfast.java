package io.holdfast.bench;

import io.holdfast.ensemble.Blueprint;
import io.holdfast.ensemble.Ensemble;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** Three Holdfast nodes from the packaged server; more may join. */
final class Holdfast implements LockSystem {

    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final int IN_STEP_TRIES = 1_000;
    private static final long IN_STEP_PAUSE_MILLIS = 20;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Vertx vertx;
    private Entry entry;
    private final Ensemble ensemble;

    /**
     * How clients talk with the nodes.
     *
     * @param ports of the nodes, from node 1 on; none for those of the ensemble
     * @param headers of each request, each with the end of its line
     */
    record Entry(NetClient net, List<Integer> ports, String headers) {}

    Holdfast(Vertx vertx, NetClient net, Blueprint blueprint) throws IOException {
        this(vertx, new Entry(net, List.of(), ""), blueprint);
    }

    Holdfast(Vertx vertx, Entry entry, Blueprint blueprint) throws IOException {
        this.vertx = vertx;
        this.entry = entry;
        this.ensemble = new Ensemble(blueprint);
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
        return entry.ports().isEmpty() ? ensemble.port(node) : entry.ports().get(node - 1);
    }

    /** Has clients that are made from now on send these headers. */
    void show(String headers) {
        entry = new Entry(entry.net(), entry.ports(), headers);
    }

    /** Memory of a node's process, in KiB. */
    long residentKiB(int node) throws IOException {
        var status = Files.readAllLines(
                Path.of("/proc", String.valueOf(ensemble.node(node).pid()), "status"));
        var line = status.stream()
                .filter(each -> each.startsWith("VmRSS:"))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(line.replaceAll("\\D", ""));
    }

    @Override
    public LockClient client(int node) {
        return new HoldfastClient(vertx, entry.net(), port(node), entry.headers());
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

    /** Adds a member without a vote, starts it and waits until it has all that is committed. */
    Object addObserver(int id) throws IOException, InterruptedException, TimeoutException {
        var address = ensemble.join(id, List.of(1, 2, 3));
        ask("POST", "members", "{\"id\":" + id + ",\"address\":\"" + address + "\",\"role\":\"observer\"}");
        ensemble.node(id).start();
        ensemble.awaitReady();
        return id;
    }

    /** Gives a member another role, as soon as the leader finds it in step. */
    Object setRole(int id, String role) throws IOException, InterruptedException {
        var answer = send("PATCH", "members/" + id, role(role));
        for (var left = IN_STEP_TRIES; left > 0 && answer.body().contains("not-synced"); left--) {
            Thread.sleep(IN_STEP_PAUSE_MILLIS);
            answer = send("PATCH", "members/" + id, role(role));
        }
        return done("PATCH " + id, answer);
    }

    private static String role(String role) {
        return "{\"role\":\"" + role + "\"}";
    }

    /** Removes a member, and kills it. */
    Object remove(int id) throws IOException, InterruptedException, TimeoutException {
        var removed = ask("DELETE", "members/" + id, "");
        ensemble.node(id).kill();
        return removed;
    }

    Object handOver(int to) throws IOException, InterruptedException {
        return ask("POST", "leader", "{\"to\":" + to + "}");
    }

    /** Has a node make a snapshot of all that it has, and waits until it is durable. */
    Object snapshot(int node) throws IOException, InterruptedException {
        return done("a snapshot of node " + node, send(node, "POST", "snapshots", ""));
    }

    /** Sees or changes the rules of access. */
    String rules(String method, String path, String body) throws IOException, InterruptedException {
        return done(method + " " + path, sendTo(1, method, "/v1/acl" + path, body));
    }

    private String ask(String method, String path, String body) throws IOException, InterruptedException {
        return done(method + " " + path, send(method, path, body));
    }

    private static String done(String what, HttpResponse<String> answer) {
        if (answer.statusCode() >= 300) {
            throw new IllegalStateException(what + ": " + answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }

    private HttpResponse<String> send(String method, String path, String body)
            throws IOException, InterruptedException {
        return send(1, method, path, body);
    }

    private HttpResponse<String> send(int node, String method, String path, String body)
            throws IOException, InterruptedException {
        return sendTo(node, method, "/v1/cluster/" + path, body);
    }

    private HttpResponse<String> sendTo(int node, String method, String path, String body)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(ensemble.uri(node).resolve(path))
                .header("Content-Type", "application/json")
                .timeout(BOUND)
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public Duration cpu() {
        return ensemble.cpu();
    }

    /** Processor time of one node so far. */
    Duration cpu(int node) {
        return ensemble.node(node).cpu();
    }

    @Override
    public void close() {
        ensemble.close();
    }
}
