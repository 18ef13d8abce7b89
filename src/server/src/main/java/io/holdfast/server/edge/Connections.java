package io.holdfast.server.edge;

import io.holdfast.server.config.HoldfastConfig;
import io.holdfast.server.config.HttpConfig;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * All connections of clients. The HTTP server has no place for a {@link Door} before it listens, so the first request
 * that comes through a listening socket, which is the node's own, installs the one of that socket.
 */
@Singleton
public final class Connections {

    private static final AttributeKey<Door> DOOR = AttributeKey.valueOf("holdfast.door");

    private final HttpConfig settings;
    private final Descriptors descriptors = Descriptors.ofProcess(System.nanoTime());
    private final List<Door> doors = new CopyOnWriteArrayList<>();
    private final LongAdder overTls = new LongAdder();
    private final LongAdder overPlain = new LongAdder();
    private final Map<Fault, LongAdder> faults = new EnumMap<>(Fault.class);

    @Inject
    Connections(HoldfastConfig config) {
        this.settings = config.http();
        for (Fault fault : Fault.values()) {
            faults.put(fault, new LongAdder());
        }
    }

    /** Notes that the head of a request is complete; returns when its first byte came. On its event loop. */
    public long begun(HttpServerRequest request) {
        long now = System.nanoTime();
        Channel channel = channel(request);
        if (channel == null) {
            return now;
        }
        install(channel.parent());
        Connection connection = channel.attr(Connection.KEY).get();
        return connection == null ? now : connection.begun(now, request.version() == HttpVersion.HTTP_2);
    }

    /** Returns how many bytes came at most for the request of the last call of {@link #begun}. On its event loop. */
    long headBytes(HttpServerRequest request) {
        Channel channel = channel(request);
        Connection connection =
                channel == null ? null : channel.attr(Connection.KEY).get();
        return connection == null ? Long.MAX_VALUE : connection.headBytes();
    }

    /** Notes that a request that {@link #begun} noted was answered, or never will be. On its event loop. */
    public void ended(HttpServerRequest request) {
        Channel channel = channel(request);
        Connection connection =
                channel == null ? null : channel.attr(Connection.KEY).get();
        if (connection != null) {
            connection.ended(System.nanoTime());
        }
    }

    private static @Nullable Channel channel(HttpServerRequest request) {
        return request.connection() instanceof ConnectionBase connection ? connection.channel() : null;
    }

    private void install(@Nullable Channel listening) {
        if (listening == null || listening.attr(DOOR).get() != null) {
            return;
        }
        Door door = new Door(
                listening,
                settings.connectionsMax(),
                settings.requestTime().toNanos(),
                descriptors,
                System::nanoTime,
                this::count);
        if (listening.attr(DOOR).compareAndSet(null, door)) {
            doors.add(door);
            listening.closeFuture().addListener(closed -> doors.remove(door));
            door.install();
        }
    }

    /** Notes that a request is for the API. */
    void asked(boolean secured) {
        (secured ? overTls : overPlain).increment();
    }

    /** Returns how many requests were for the API, over TLS or not. */
    long requests(boolean secured) {
        return (secured ? overTls : overPlain).sum();
    }

    /** Counts what a client did wrong with its connection. */
    public void count(Fault fault) {
        LongAdder counter = faults.get(fault);
        if (counter != null) {
            counter.increment();
        }
    }

    /** Returns how many connections are open. */
    public int open() {
        return doors.stream().mapToInt(Door::open).sum();
    }

    /** Returns how often accepting was stopped since a socket listens. */
    long pauses() {
        return doors.stream().mapToLong(Door::pauses).sum();
    }

    /** Returns whether clients wait to be accepted, at any socket. */
    boolean isPaused() {
        return doors.stream().anyMatch(Door::isPaused);
    }

    /** Returns how many descriptors may be opened before accepting stops. */
    long spareDescriptors() {
        return descriptors.spare(System.nanoTime());
    }

    /** Returns how often a fault was counted. */
    long faults(Fault fault) {
        LongAdder counter = faults.get(fault);
        return counter == null ? 0 : counter.sum();
    }

    /** Returns for how long the socket that accepts was not served, in nanoseconds; 0 while none is known. */
    long standstill() {
        long now = System.nanoTime();
        return doors.stream().mapToLong(door -> now - door.sweptAt()).max().orElse(0);
    }
}
