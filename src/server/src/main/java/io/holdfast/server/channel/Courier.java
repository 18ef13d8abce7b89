package io.holdfast.server.channel;

import io.holdfast.server.history.Committed;
import io.holdfast.server.history.History;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Takes history to a broker, in order and at least once: so many messages may be on the way, and what the broker has
 * acknowledged without a hole before it is the position from which another leader would go on.
 *
 * <p>Used on one thread at a time, that of the node.
 */
final class Courier {

    private final History history;
    private final Broker broker;
    private final int windowMax;

    /** On the way, oldest first; the first one is not acknowledged. */
    private final Queue<Parcel> window = new ArrayDeque<>();

    private @Nullable Committed at;
    private long position;
    private int onTheWay;
    private boolean failed;

    /** Who takes messages. */
    interface Broker {

        /** Sends a message; exactly one of both runs later, on the node's thread. */
        void send(Letter letter, Runnable acknowledged, Runnable refused);
    }

    /** A transaction on the way. */
    private static final class Parcel {
        private final long revision;
        private int open;

        private Parcel(long revision, int open) {
            this.revision = revision;
            this.open = open;
        }
    }

    Courier(History history, Broker broker, int windowMax) {
        this.history = history;
        this.broker = broker;
        this.windowMax = windowMax;
    }

    /** Begins after a revision. */
    void begin(long after) {
        window.clear();
        onTheWay = 0;
        failed = false;
        position = after;
        at = history.at(after);
    }

    /** Returns up to which revision the broker has everything. */
    long position() {
        return position;
    }

    int onTheWay() {
        return onTheWay;
    }

    /** Returns whether the broker refused something, and everything on the way is settled: time to begin again. */
    boolean mustBeginAgain() {
        return failed && onTheWay == 0;
    }

    /** Sends what may be sent. */
    void pump() {
        if (at == null) {
            at = history.at(history.floor());
            send(List.of(Letter.gap(position, history.floor())), history.floor());
        }
        long upTo = history.upTo();
        Committed next = at == null ? null : at.next();
        while (next != null && !failed && onTheWay < windowMax) {
            at = next;
            if (next.isGap()) {
                send(List.of(Letter.gap(position, next.revision())), next.revision());
            } else {
                send(Letter.of(next), next.revision());
            }
            next = next.next();
        }
        if (next == null && window.isEmpty() && !failed) {
            position = Math.max(position, upTo);
        }
    }

    private void send(List<Letter> letters, long revision) {
        Parcel parcel = new Parcel(revision, letters.size());
        window.add(parcel);
        onTheWay += letters.size();
        for (Letter letter : letters) {
            broker.send(letter, () -> settled(parcel, true), () -> settled(parcel, false));
        }
    }

    private void settled(Parcel parcel, boolean acknowledged) {
        if (!window.contains(parcel)) {
            return;
        }
        onTheWay--;
        if (!acknowledged) {
            // Never counted as there: the position stays before it.
            failed = true;
            return;
        }
        parcel.open--;
        for (Parcel first = window.peek(); first != null && first.open == 0; first = window.peek()) {
            window.remove();
            position = first.revision;
        }
    }
}
