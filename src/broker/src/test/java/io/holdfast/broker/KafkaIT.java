package io.holdfast.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.ensemble.Blueprint;
import io.holdfast.ensemble.Ensemble;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaIT {

    private static final Path SERVER_JAR = Path.of("../server/target/holdfast-server.jar");
    private static final TopicPartition TOPIC = new TopicPartition("lock-events", 0);
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration POLL = Duration.ofMillis(500);

    @TempDir
    Path directory;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<ConsumerRecord<String, String>> records = new ArrayList<>();
    private final List<String> taken = new ArrayList<>();

    @Test
    void everyChangeReachesTheBrokerInOrderThroughItsDeathAndThatOfTheLeader() throws Exception {
        assertTrue(Files.isRegularFile(SERVER_JAR), "these tests run after mvn package, as mvn verify does");
        try (var broker = new Broker(directory.resolve("kafka"));
                var ensemble = new Ensemble(Blueprint.of(SERVER_JAR.toAbsolutePath(), directory, 3)
                        .startedOften()
                        .with("mp.messaging.outgoing.lock-events.connector", "smallrye-kafka")
                        .with("kafka.bootstrap.servers", broker.address()))) {
            broker.start();
            ensemble.start();
            try (var consumer = consumer(broker)) {
                awaitPublisher(ensemble, consumer);
                takeAndAwait(ensemble, consumer, "at-first");
                broker.kill();
                for (var i = 0; i < 5; i++) {
                    take(ensemble, "while-down-" + i);
                }
                // Every node that runs is ready, with a broker or without.
                ensemble.awaitReady();
                broker.start();
                takeAndAwait(ensemble, consumer, "after-the-broker");
                var leader = ensemble.awaitLeader();
                take(ensemble, "before-the-kill");
                ensemble.node(leader).kill();
                ensemble.awaitLeader();
                takeAndAwait(ensemble, consumer, "after-the-leader");
                assertEquals(
                        taken,
                        firstTimes().keySet().stream().filter(taken::contains).toList());
                assertInOrder();
            } catch (AssertionError failed) {
                failed.addSuppressed(new AssertionError(ensemble.logTails(30) + "\n" + broker.log()));
                throw failed;
            }
        }
    }

    /** The publisher begins with what is committed after it: takes locks until one of them arrives. */
    private void awaitPublisher(Ensemble ensemble, KafkaConsumer<String, String> consumer) throws Exception {
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        for (var i = 0; records.isEmpty(); i++) {
            assertTrue(System.nanoTime() < deadline, "nothing arrives at the broker");
            take(ensemble, "first-" + i);
            consumer.poll(POLL).forEach(records::add);
        }
        taken.clear();
    }

    private void takeAndAwait(Ensemble ensemble, KafkaConsumer<String, String> consumer, String lock) throws Exception {
        take(ensemble, lock);
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (records.stream().noneMatch(record -> lock.equals(record.key()))) {
            assertTrue(System.nanoTime() < deadline, () -> lock + " did not arrive; there are " + records.size());
            consumer.poll(POLL).forEach(records::add);
        }
    }

    private void take(Ensemble ensemble, String lock) throws IOException, InterruptedException {
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        for (var node = 1; System.nanoTime() < deadline; node = 1 + node % 3) {
            if (ensemble.node(node).isAlive() && isTaken(ensemble, node, lock)) {
                taken.add(lock);
                return;
            }
        }
        throw new AssertionError("no node gave " + lock);
    }

    private boolean isTaken(Ensemble ensemble, int node, String lock) throws InterruptedException {
        var request = HttpRequest.newBuilder(ensemble.uri(node).resolve("/v1/locks/" + lock + "?ttl=60s"))
                .header("Idempotency-Key", lock)
                .timeout(Duration.ofSeconds(10))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode() < 300;
        } catch (IOException down) {
            return false;
        }
    }

    /** Every message by its key and revision, in the order in which it came for the first time. */
    private Map<String, Long> firstTimes() {
        var first = new LinkedHashMap<String, Long>();
        records.forEach(record -> first.putIfAbsent(record.key(), revision(record)));
        return first;
    }

    private static long revision(ConsumerRecord<String, String> record) {
        var text = new String(record.headers().lastHeader("revision").value(), StandardCharsets.UTF_8);
        assertTrue(record.value().contains("\"revision\":\"" + text + "\""), record.value());
        var parts = text.split("-", -1);
        return Long.parseLong(parts[0]) << 32 | Long.parseLong(parts[1]);
    }

    /** What comes for the first time comes in order; what comes again was there before. */
    private void assertInOrder() {
        var seen = new LinkedHashMap<String, Boolean>();
        var newest = 0L;
        for (var record : records) {
            var again = seen.put(record.key() + " " + revision(record), true) != null;
            assertTrue(again || revision(record) >= newest, () -> record + " is late");
            newest = Math.max(newest, revision(record));
        }
    }

    private static KafkaConsumer<String, String> consumer(Broker broker) {
        var settings = new Properties();
        settings.put("bootstrap.servers", broker.address());
        settings.put("allow.auto.create.topics", "true");
        var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
        consumer.assign(List.of(TOPIC));
        consumer.seekToBeginning(List.of(TOPIC));
        return consumer;
    }
}
