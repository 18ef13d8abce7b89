package io.holdfast.operator.paper.kubelet;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Probe;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One probe of a running container: asked each period, and decided by its thresholds. Used by one thread. */
final class ProbeRun {

    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    private final @Nullable Probe probe;
    private final Container container;
    private final String address;
    private final Duration period;
    private long due;
    private int failures;
    private int successes;
    private @Nullable CompletableFuture<Boolean> asked;

    /** @param faster by how much the period is shorter than what the probe says */
    ProbeRun(@Nullable Probe probe, Container container, String address, int faster) {
        this.probe = probe;
        this.container = container;
        this.address = address;
        var seconds = probe == null || probe.getPeriodSeconds() == null ? 10 : probe.getPeriodSeconds();
        this.period = Duration.ofSeconds(seconds).dividedBy(faster);
        var delay = probe == null || probe.getInitialDelaySeconds() == null ? 0 : probe.getInitialDelaySeconds();
        this.due = System.nanoTime() + Duration.ofSeconds(delay).toNanos();
    }

    boolean exists() {
        return probe != null;
    }

    /** Asks if it is time to, and takes an answer that is there. */
    void turn() {
        if (probe == null) {
            return;
        }
        if (asked != null && asked.isDone()) {
            var well =
                    asked.handle((answer, failure) -> failure == null && answer).join();
            asked = null;
            failures = well ? 0 : failures + 1;
            successes = well ? successes + 1 : 0;
        }
        if (asked == null && System.nanoTime() - due >= 0) {
            due = System.nanoTime() + period.toNanos();
            asked = ask(probe);
        }
    }

    boolean hasSucceeded() {
        var threshold = probe == null || probe.getSuccessThreshold() == null ? 1 : probe.getSuccessThreshold();
        return probe == null || successes >= threshold;
    }

    /** @param times how many times more failures it takes than the probe says */
    boolean hasFailed(int times) {
        var threshold = probe == null || probe.getFailureThreshold() == null ? 3 : probe.getFailureThreshold();
        return probe != null && failures >= threshold * times;
    }

    private CompletableFuture<Boolean> ask(Probe which) {
        var timeout = Duration.ofSeconds(which.getTimeoutSeconds() == null ? 1 : which.getTimeoutSeconds());
        if (which.getHttpGet() != null) {
            var get = which.getHttpGet();
            var uri = URI.create("http://" + address + ":" + port(get.getPort().getValue()) + get.getPath());
            var request = HttpRequest.newBuilder(uri).timeout(timeout).build();
            return HTTP.sendAsync(request, HttpResponse.BodyHandlers.discarding())
                    .thenApply(answer -> answer.statusCode() >= 200 && answer.statusCode() < 400);
        }
        if (which.getTcpSocket() != null) {
            var port = port(which.getTcpSocket().getPort().getValue());
            return CompletableFuture.supplyAsync(() -> connects(port, timeout));
        }
        throw new IllegalStateException("a probe that the paper kubelet does not know: " + which);
    }

    private boolean connects(int port, Duration timeout) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), (int) timeout.toMillis());
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    private int port(Object port) {
        return port instanceof Integer number
                ? number
                : container.getPorts().stream()
                        .filter(each -> port.equals(each.getName()))
                        .mapToInt(each -> each.getContainerPort())
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException("no port is called " + port));
    }
}
