package io.holdfast.server.config;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/**
 * Where clients reach this node, and bounds on connections and requests before they reach the API. The port itself is
 * {@code quarkus.http.port}.
 */
public interface HttpConfig {

    /**
     * URL at which clients reach this node, as {@code http://host:port} or {@code https://host:port}. Each member tells
     * it to the others: {@code GET /v1/cluster} and the problem {@code not-a-member} of any node have it as
     * {@code http}, and clients that are given one node find the others by it. Default: none, and such clients do not
     * find this node.
     */
    Optional<@Size(min = 1, max = 300) String> advertised();

    /**
     * Connections of clients that may be open. Accepting also pauses while the process has 32 spare file descriptors or
     * fewer. New connections wait meanwhile; idle connections are closed to make room.
     */
    @WithDefault("20000")
    @Min(16)
    @Max(1_000_000)
    int connectionsMax();

    /**
     * How long a request may take from its first byte until its head and body are complete, and a new connection until
     * its first request.
     */
    @WithDefault("10s")
    @DurationMin(millis = 100)
    @DurationMax(minutes = 2)
    Duration requestTime();

    /** Bytes of all bodies that are being read, or whose request is not answered yet; one address may have half. */
    @WithDefault("16M")
    MemorySize bodiesMax();

    /** Requests that take longer are logged, except held requests and streams. */
    @WithDefault("1s")
    @DurationMin(millis = 1)
    @DurationMax(hours = 1)
    Duration slow();

    /** Whether every request is logged, in the category {@code io.holdfast.access}. */
    @WithDefault("false")
    boolean accessLog();
}
