package io.holdfast.overlap.matrix;

import io.holdfast.overlap.worker.Turn;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the turns of all workers of one lock show, in the order in which they were written. Used by one thread.
 *
 * <p>Turns of two tokens overlap when one under the lower token began after one under the higher token began. A write
 * is stale when it stands behind one with a higher token.
 */
final class TurnCheck {

    private final TreeMap<Long, Span> spans = new TreeMap<>();
    private long staleWrites;

    /** What is known of one token. */
    record Span(int contender, long firstBegan, long lastBegan, long turns) {
        private Span and(Turn turn) {
            return new Span(
                    contender, Math.min(firstBegan, turn.began()), Math.max(lastBegan, turn.began()), turns + 1);
        }
    }

    /** Takes the next turn. */
    void add(Turn turn) {
        if (!spans.isEmpty() && turn.token() < spans.lastKey()) {
            staleWrites++;
        }
        var span = spans.get(turn.token());
        if (span != null && span.contender() != turn.contender()) {
            throw new IllegalStateException("two contenders worked under one token: " + span + ", " + turn);
        }
        spans.put(
                turn.token(),
                span == null ? new Span(turn.contender(), turn.began(), turn.began(), 1) : span.and(turn));
    }

    /** For each token by how much its turns overlap with those of any higher one, in nanoseconds; the sum of it. */
    long overlapNanos() {
        var sum = 0L;
        var firstOfHigher = Optional.<Long>empty();
        for (var span : spans.descendingMap().values()) {
            var last = span.lastBegan();
            sum += firstOfHigher.map(first -> Math.max(0, last - first)).orElse(0L);
            firstOfHigher = Optional.of(firstOfHigher
                    .map(first -> Math.min(first, span.firstBegan()))
                    .orElse(span.firstBegan()));
        }
        return sum;
    }

    /** How many writes were stale. */
    long staleWrites() {
        return staleWrites;
    }

    /** The highest token; 0 before the first. */
    long highest() {
        return spans.isEmpty() ? 0 : spans.lastKey();
    }

    /** What is known of a token that worked. */
    Span span(long token) {
        var span = spans.get(token);
        if (span == null) {
            throw new IllegalArgumentException("no turn has token " + token);
        }
        return span;
    }

    /** The first token above that one; 0 when there is none. */
    long after(long token) {
        var next = spans.higherKey(token);
        return next == null ? 0 : next;
    }

    /** How many tokens worked. */
    int tokens() {
        return spans.size();
    }
}
