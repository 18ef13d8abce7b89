package io.holdfast.server.replica;

import io.holdfast.lock.QuotaUse;
import io.holdfast.lock.Result;
import io.holdfast.server.config.HoldfastConfig;
import io.holdfast.server.log.Episode;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Zab;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What a node sees of itself besides the protocol: its disk, its pauses, and what becomes of acquires. Any thread. */
final class NodeWatch {

    private static final Logger LOG = Logger.getLogger("io.holdfast.leases");
    private static final long DISK_MILLIS = 10_000;

    /** Kinds of results, named as problems of the API are: {@code LockHeld} is {@code lock-held}. */
    private static final ClassValue<String> OUTCOMES = new ClassValue<>() {
        @Override
        protected String computeValue(Class<?> type) {
            return type.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
        }
    };

    private final Vertx vertx;
    private final LockMetrics metrics;
    private final DiskWatch disk;
    private final Alarms alarms;
    private final Episode pauses =
            new Episode(LOG, Logger.Level.WARN, "this leader stood still, and moved every lease by as much");
    private volatile long diskTimer = -1;
    private volatile Supplier<List<Alarm>> warnings = List::of;

    NodeWatch(HoldfastConfig config, Vertx vertx, LockMetrics metrics) {
        this.vertx = vertx;
        this.metrics = metrics;
        this.disk = new DiskWatch(config.dataDir());
        this.alarms = new Alarms(new ServerId(config.nodeId()), config.peer().protocolMax());
    }

    /** Begins to look at the disk. */
    void start() {
        look();
        diskTimer = vertx.setPeriodic(DISK_MILLIS, id -> look());
    }

    void stop() {
        vertx.cancelTimer(diskTimer);
    }

    private void look() {
        vertx.executeBlocking(
                () -> {
                    disk.look();
                    return true;
                },
                false);
    }

    /** To be called about every second, or more often. */
    void tick() {
        pauses.tick(System.nanoTime());
    }

    /** All leases were moved, since this node stood still for so long while it led. */
    void paused(long nanos) {
        long now = System.nanoTime();
        metrics.leasesPaused(nanos);
        alarms.paused(now, nanos);
        pauses.happened(now, 1, TimeUnit.NANOSECONDS.toMillis(nanos) + " ms");
    }

    /** Notes what became of an acquire at first. */
    void asked(Result result) {
        metrics.asked(OUTCOMES.get(result.getClass()));
    }

    /** Has what a source says be told as alarms of that name. */
    void alsoWarn(String name, Supplier<List<String>> source) {
        warnings =
                () -> source.get().stream().map(says -> new Alarm(name, says)).toList();
    }

    List<Alarm> alarms(Zab.Status status, @Nullable String otherGeneration, List<QuotaUse> quotas) {
        List<Alarm> all = new ArrayList<>(alarms.of(System.nanoTime(), status, disk.last(), quotas));
        if (otherGeneration != null) {
            all.add(0, new Alarm("other-generation", otherGeneration));
        }
        all.addAll(warnings.get());
        return all;
    }

    DiskWatch.Reading disk() {
        return disk.last();
    }
}
