package io.holdfast.ensemble;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Holdfast nodes on the loopback address, numbered from 1, on free ports that they keep over restarts. Further ones may
 * join, and others leave for good.
 *
 * <p>Used by one thread, but for what says otherwise.
 */
public final class Ensemble implements AutoCloseable {

    private static final Duration READY_BOUND = Duration.ofMinutes(3);
    private static final Pattern LEADER = Pattern.compile("\"leader\"\\s*:\\s*(\\d+)");

    private volatile HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(1))
            .build();
    private volatile IntFunction<URI> served = id -> URI.create("http://127.0.0.1:" + port(id));
    private final Blueprint blueprint;
    private final PeerAddress addresses;

    /** By id; never shorter. */
    private final Map<Integer, Seat> seats = new ConcurrentSkipListMap<>();

    /** Ids of those that clients ask, in order. */
    private volatile List<Integer> serving = List.of();

    /**
     * The place of a node.
     *
     * @param peerPort where it listens for others
     * @param address where others find it
     */
    private record Seat(int httpPort, int peerPort, String address, NodeProcess node) {}

    /** An ensemble of which no node runs yet. */
    public Ensemble(Blueprint blueprint) throws IOException {
        this(blueprint, (id, port) -> port);
    }

    /** An ensemble of which no node runs yet, and whose nodes reach each other through this network alone. */
    public Ensemble(Blueprint blueprint, PeerNetwork network) throws IOException {
        this(blueprint, (PeerAddress) network::standBefore);
    }

    private Ensemble(Blueprint blueprint, PeerAddress addresses) throws IOException {
        this.blueprint = blueprint;
        this.addresses = addresses;
        var count = blueprint.nodes();
        var ports = FreePorts.find(2 * count);
        var ids = IntStream.rangeClosed(1, count).boxed().toList();
        var addressed = new ArrayList<String>();
        for (var id : ids) {
            addressed.add("127.0.0.1:" + addresses.of(id, ports.get(count + id - 1)));
        }
        var members = ids.stream().map(id -> entry(id, addressed.get(id - 1))).collect(Collectors.joining(","));
        for (var id : ids) {
            seat(id, ports.get(id - 1), ports.get(count + id - 1), addressed.get(id - 1), members);
        }
        serving = ids;
    }

    private Seat seat(int id) {
        var seat = seats.get(id);
        if (seat == null) {
            throw new IllegalArgumentException("there is no node " + id);
        }
        return seat;
    }

    private void seat(int id, int httpPort, int peerPort, String address, String members) throws IOException {
        var command = command(id, dataDirectory(id), httpPort, peerPort, members);
        var node = new NodeProcess("node-" + id, command, blueprint.directory());
        seats.put(id, new Seat(httpPort, peerPort, address, node));
    }

    /** Says at which port others find the node that listens for them on {@code port}. */
    private interface PeerAddress {
        int of(int id, int port) throws IOException;
    }

    /** Starts all nodes and waits until each is ready. */
    public void start() throws IOException, TimeoutException {
        for (var seat : seats.values()) {
            seat.node().start();
        }
        awaitReady();
    }

    /**
     * Makes room for one more node, which knows some members and is an observer in its own settings. It is not started,
     * and clients do not ask it before {@link #serve}.
     *
     * @return where the others will find it
     */
    public String join(int id, List<Integer> known) throws IOException {
        if (seats.containsKey(id)) {
            throw new IllegalArgumentException("node " + id + " is there already");
        }
        var ports = FreePorts.find(2);
        var address = "127.0.0.1:" + addresses.of(id, ports.get(1));
        seat(id, ports.get(0), ports.get(1), address, list(known) + "," + id + "@" + address + ":observer");
        return address;
    }

    /** Gives a node that does not run another list of members in its own settings. */
    public void resettle(int id, String members) throws IOException {
        var old = seat(id);
        seat(id, old.httpPort(), old.peerPort(), old.address(), members);
    }

    /** Gives a node that does not run another peer port; returns where the others will find it. */
    public String move(int id, List<Integer> known) throws IOException {
        var old = seat(id);
        var port = FreePorts.find(1).get(0);
        var address = "127.0.0.1:" + addresses.of(id, port);
        seat(id, old.httpPort(), port, address, list(known) + "," + id + "@" + address);
        return address;
    }

    /** The members with their addresses, as the settings of a node list them. */
    public String list(List<Integer> ids) {
        return ids.stream().map(id -> entry(id, address(id))).collect(Collectors.joining(","));
    }

    private String entry(int id, String address) {
        var observes = id <= blueprint.nodes() && id > blueprint.nodes() - blueprint.observers();
        return id + "@" + address + (observes ? ":observer" : "");
    }

    /** Where others find that node. */
    public String address(int id) {
        return seat(id).address();
    }

    /** Has clients ask these nodes from now on, and no others. */
    public void serve(List<Integer> ids) {
        serving = ids.stream().sorted().toList();
    }

    /** One of the nodes that clients ask, the same for the same number while there are as many; for any thread. */
    public int serving(int number) {
        var ids = serving;
        return ids.get(Math.floorMod(number, ids.size()));
    }

    /** The node that a client asks after that one; for any thread. */
    public int after(int id) {
        var ids = serving;
        return ids.stream().filter(next -> next > id).findFirst().orElse(ids.get(0));
    }

    /** One node, started or not. */
    public NodeProcess node(int id) {
        return seat(id).node();
    }

    /** How many nodes there are, whether or not they run. */
    public int size() {
        return seats.size();
    }

    /** Where that node serves HTTP; for any thread. */
    public URI uri(int id) {
        return served.apply(id);
    }

    /**
     * Has the nodes be asked elsewhere from now on, such as over TLS; for any thread.
     *
     * @param uris where a node serves, by its id
     * @param client what this ensemble asks with
     */
    public void serveAt(IntFunction<URI> uris, HttpClient client) {
        served = uris;
        http = client;
    }

    /** The port on which that node serves HTTP; for any thread. */
    public int port(int id) {
        return seat(id).httpPort();
    }

    /** Where that node has its log and snapshots. */
    public Path dataDirectory(int id) {
        return blueprint.directory().resolve("data-" + id);
    }

    /** The command that starts a node of this ensemble, on a data directory that may be another's. */
    public List<String> command(int id, Path data) {
        var seat = seat(id);
        var ids = IntStream.rangeClosed(1, blueprint.nodes()).boxed().toList();
        return command(id, data, seat.httpPort(), seat.peerPort(), list(ids));
    }

    private List<String> command(int id, Path data, int httpPort, int peerPort, String members) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(blueprint.jvmOptions());
        command.add("-Dquarkus.http.host=127.0.0.1");
        command.add("-Dquarkus.http.port=" + httpPort);
        command.add("-Dholdfast.http.advertised=http://127.0.0.1:" + httpPort);
        // No load balancer uses readiness here.
        command.add("-Dquarkus.shutdown.delay=0s");
        command.add("-Dholdfast.node-id=" + id);
        command.add("-Dholdfast.members=" + members);
        command.add("-Dholdfast.peer.port=" + peerPort);
        command.add("-Dholdfast.data-dir=" + data);
        blueprint.settings().forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.add("-jar");
        command.add(blueprint.serverJar().toString());
        return command;
    }

    /** Waits until every node that runs is ready, and one of them leads. */
    public void awaitReady() throws TimeoutException {
        for (var id : seats.keySet()) {
            if (node(id).isAlive()) {
                awaitReady(id);
            }
        }
        awaitLeader();
    }

    /** Waits until that node is ready. */
    public void awaitReady(int id) throws TimeoutException {
        await(node(id) + " is ready", () -> isReady(id));
    }

    /** Waits until a running node leads and every running node says so; returns its number. */
    public int awaitLeader() throws TimeoutException {
        var agreed = new AtomicInteger();
        await("the nodes agree on a leader that runs", () -> {
            agreedLeader().ifPresent(agreed::set);
            return agreed.get() != 0;
        });
        return agreed.get();
    }

    /** Some node that runs and does not lead. */
    public int follower() throws TimeoutException {
        var leader = awaitLeader();
        return running(id -> id != leader).findFirst().orElseThrow();
    }

    /** The body of a GET, or an empty string when there was no answer with 200 within two seconds. */
    public String get(int id, String path) {
        var request = HttpRequest.newBuilder(uri(id).resolve(path))
                .timeout(Duration.ofSeconds(2))
                .build();
        try {
            var response = http.send(request, HttpResponse.BodyHandlers.ofString());
            return response.statusCode() == 200 ? response.body() : "";
        } catch (IOException down) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    /** Processor time of all nodes since they were started first. */
    public Duration cpu() {
        return nodes().map(NodeProcess::cpu).reduce(Duration.ZERO, Duration::plus);
    }

    /** The last lines of every node's log, for the message of a test that failed. */
    public String logTails(int lines) {
        return nodes().map(node -> tail(node, lines)).collect(Collectors.joining("\n"));
    }

    /** Has every node that runs write to its log where each of its threads is. */
    public void showThreads() throws IOException, TimeoutException {
        for (var node : nodes().toList()) {
            if (node.isAlive()) {
                node.thaw();
                node.showThreads();
            }
        }
    }

    /** Kills what runs. */
    @Override
    public void close() {
        nodes().forEach(NodeProcess::close);
    }

    private Stream<NodeProcess> nodes() {
        return seats.values().stream().map(Seat::node);
    }

    private boolean isReady(int id) {
        return !get(id, "/q/health/ready").isEmpty();
    }

    private OptionalInt agreedLeader() {
        var views = running(id -> true)
                .mapToObj(id -> leaderSeenBy(id).orElse(0))
                .distinct()
                .toList();
        var leader = views.size() == 1 ? views.get(0) : 0;
        return leader > 0 && node(leader).isAlive() ? OptionalInt.of(leader) : OptionalInt.empty();
    }

    private OptionalInt leaderSeenBy(int id) {
        var found = LEADER.matcher(get(id, "/v1/cluster"));
        return found.find() ? OptionalInt.of(Integer.parseInt(found.group(1))) : OptionalInt.empty();
    }

    private IntStream running(IntPredicate which) {
        return serving.stream()
                .mapToInt(Integer::intValue)
                .filter(id -> node(id).isAlive())
                .filter(which);
    }

    private void await(String what, BooleanSupplier condition) throws TimeoutException {
        try {
            Eventually.await(what, READY_BOUND, condition);
        } catch (TimeoutException e) {
            throw new TimeoutException(e.getMessage() + "\n" + logTails(20));
        }
    }

    private static String tail(NodeProcess node, int lines) {
        try {
            var all = node.log().lines().toList();
            return "--- " + node + (node.isAlive() ? "" : " (not running)") + "\n"
                    + String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
        } catch (IOException e) {
            return "--- " + node + ": " + e.getMessage();
        }
    }
}
