package io.holdfast.zab.core.state;

import io.holdfast.zab.core.LogRecord;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What was given to the log and is not durable yet, in order. */
final class LogQueue {

    private final Deque<Pending> pending = new ArrayDeque<>();
    private long appended;
    private long persisted;

    /** When the log was written last; without meaning before the first time. */
    private long persistedAt = Long.MIN_VALUE;

    private record Pending(LogRecord record, long since) {}

    void add(LogRecord record, long now) {
        appended++;
        pending.add(new Pending(record, now));
    }

    /** The first {@code records} of all records are durable; {@link #next} names those that were not before. */
    void persisted(long records, long now) {
        Invariant.check(
                records <= appended && records >= persisted,
                "%s records durable of %s, after %s",
                records,
                appended,
                persisted);
        if (records > persisted) {
            persistedAt = now;
        }
    }

    /** Returns the next of the first {@code records} records that became durable; null when there is none. */
    @Nullable
    LogRecord next(long records) {
        if (persisted >= records) {
            return null;
        }
        persisted++;
        return pending.remove().record();
    }

    boolean isEmpty() {
        return pending.isEmpty();
    }

    /** An election begins only when the log is drained, and synchronization shortens the history before it appends. */
    void checkNoAppend() {
        for (Pending waiting : pending) {
            Invariant.check(
                    !(waiting.record() instanceof LogRecord.Append), "history shortened while %s is written", waiting);
        }
    }

    /** Returns whether something waits and nothing became durable for more than {@code millis}. */
    boolean isStalled(long now, long millis) {
        Pending oldest = pending.peek();
        return oldest != null && now - Math.max(oldest.since(), persistedAt) > TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
