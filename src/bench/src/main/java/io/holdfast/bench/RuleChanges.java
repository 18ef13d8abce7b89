package io.holdfast.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;

/** Takes a right away while clients of all nodes use it: how soon it is refused, and what still passes. */
final class RuleChanges {

    private static final int TIMES = 20;
    private static final int CLIENTS_PER_NODE = 2;
    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final Pattern KEY = Pattern.compile("hfk_[A-Za-z0-9._-]+");
    private static final Pattern ID = Pattern.compile("\"id\"\\s*:\\s*\"([^\"]+)\"");

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Holdfast ensemble;
    private String administrator = "";

    RuleChanges(Holdfast ensemble) {
        this.ensemble = ensemble;
    }

    /** Returns the header of a client that may use all locks below {@code bench/}; rules are enforced from now on. */
    String enforce() throws IOException, InterruptedException {
        done(send(1, "PUT", "/v1/acl/policies/ops", "{\"rules\":[{\"verbs\":[\"admin\"]}]}", ""));
        done(send(1, "PUT", "/v1/acl/bindings/ops", "{\"policy\":\"ops\",\"to\":[\"key:ops\"]}", ""));
        done(send(
                1,
                "PUT",
                "/v1/acl/policies/bench",
                "{\"rules\":[{\"verbs\":[\"acquire\"],\"locks\":\"bench/\"}]}",
                ""));
        var ops = key("ops");
        var bench = key("bench");
        bind();
        done(send(1, "PUT", "/v1/acl/mode", "{\"mode\":\"enforce\"}", ops));
        administrator = ops;
        return bench;
    }

    /** Judges nothing from now on. */
    void open() throws IOException, InterruptedException {
        done(send(1, "PUT", "/v1/acl/mode", "{\"mode\":\"open\"}", administrator));
        administrator = "";
    }

    private String key(String name) throws IOException, InterruptedException {
        var key = KEY.matcher(done(send(1, "POST", "/v1/acl/keys", "{\"name\":\"" + name + "\"}", "")));
        if (!key.find()) {
            throw new IllegalStateException("no key was made");
        }
        return key.group();
    }

    private void bind() throws IOException, InterruptedException {
        done(send(1, "PUT", "/v1/acl/bindings/bench", "{\"policy\":\"bench\",\"to\":[\"key:bench\"]}", administrator));
    }

    /** Takes the right away so many times. */
    void run(String key) throws IOException, InterruptedException {
        var refused = new Histogram(3);
        var everywhere = new Histogram(3);
        long late = 0;
        long served = 0;
        for (var time = 0; time < TIMES; time++) {
            bind();
            var users = new ArrayList<User>();
            for (var i = 0; i < CLIENTS_PER_NODE * LockSystem.NODES; i++) {
                users.add(new User(1 + i % LockSystem.NODES, key, "bench/rules-" + time + "-" + i));
            }
            users.forEach(Thread::start);
            for (var user : users) {
                user.awaitServed();
            }
            var begun = System.nanoTime();
            done(send(1 + time % LockSystem.NODES, "DELETE", "/v1/acl/bindings/bench", "", administrator));
            var answered = System.nanoTime();
            for (var user : users) {
                user.join(BOUND.toMillis());
                if (user.isAlive() || user.refused.get() == 0) {
                    throw new IllegalStateException("a client is not refused: " + user.last);
                }
                late += user.lastServed.get() > answered ? 1 : 0;
                served += user.count.get();
            }
            refused.recordValue(
                    users.stream().mapToLong(user -> user.refused.get()).min().orElseThrow() - begun);
            everywhere.recordValue(
                    users.stream().mapToLong(user -> user.refused.get()).max().orElseThrow() - begun);
        }
        System.out.printf(
                Locale.ROOT,
                "%nA right taken away %d times, %d clients at 3 nodes, %d requests before: first refusal after %.1f ms"
                        + " (max %.1f), all refused after %.1f ms (max %.1f), requests sent after the answer that"
                        + " passed: %d%n",
                TIMES,
                CLIENTS_PER_NODE * LockSystem.NODES,
                served,
                refused.getValueAtPercentile(50) / 1e6,
                refused.getMaxValue() / 1e6,
                everywhere.getValueAtPercentile(50) / 1e6,
                everywhere.getMaxValue() / 1e6,
                late);
    }

    /** Takes and releases one lock until it is refused. */
    private final class User extends Thread {

        private final int node;
        private final String key;
        private final String lock;
        private final AtomicLong count = new AtomicLong();
        private final AtomicLong lastServed = new AtomicLong();
        private final AtomicLong refused = new AtomicLong();
        private volatile String last = "";

        User(int node, String key, String lock) {
            this.node = node;
            this.key = key;
            this.lock = lock;
            setDaemon(true);
        }

        void awaitServed() throws InterruptedException {
            while (isAlive() && count.get() < LockSystem.NODES) {
                Thread.sleep(1);
            }
        }

        @Override
        public void run() {
            try {
                var id = ID.matcher(done(send(node, "POST", "/v1/sessions", "{\"ttl\":\"60s\"}", key)));
                if (!id.find()) {
                    throw new IllegalStateException("a session without an id");
                }
                var session = id.group(1);
                for (var turn = 0; refused.get() == 0; turn++) {
                    var grant = "/v1/grants/" + session + "." + turn;
                    var sent = System.nanoTime();
                    var answer = send(
                            node, "PUT", grant, "{\"session\":\"" + session + "\",\"lock\":\"" + lock + "\"}", key);
                    last = answer.statusCode() + " " + answer.body();
                    if (answer.statusCode() == 403) {
                        refused.set(System.nanoTime());
                    } else if (answer.statusCode() == 201) {
                        lastServed.set(sent);
                        count.incrementAndGet();
                        send(node, "DELETE", grant, "", key);
                    }
                }
            } catch (IOException | RuntimeException e) {
                last = e.toString();
            } catch (InterruptedException e) {
                interrupt();
            }
        }
    }

    private static String done(HttpResponse<String> answer) {
        if (answer.statusCode() >= 300) {
            throw new IllegalStateException(answer.request().uri() + ": " + answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }

    private HttpResponse<String> send(int node, String method, String path, String body, String key)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ensemble.port(node) + path))
                .timeout(BOUND)
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        if (!key.isEmpty()) {
            request.header("Authorization", "Bearer " + key);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
