package io.holdfast.server.channel;

import io.holdfast.server.history.Committed;
import io.holdfast.server.history.History;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Iterator;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Takes history to a broker, in order and at least once: so many messages may be on the way, and what the broker has
 * acknowledged without a hole before it is the position from which another leader would go on.
 *
 * <p>It holds one transaction of history, and none while it is stopped. When history has moved on from under it, it
 * says which revisions are missing and goes on with what history still has.
 *
 * <p>Used on one thread at a time.
 */
final class Courier {

    private final History history;
    private final Broker broker;
    private final int windowMax;

    /** On the way, oldest first; the first one is not acknowledged. */
    private final Queue<Parcel> window = new ArrayDeque<>();

    /** The transaction whose messages were sent last; null while stopped, or when its place is gone. */
    private @Nullable Committed at;

    /** The messages of {@link #at} that were not sent yet. */
    private Iterator<Letter> unsent = Collections.emptyIterator();

    private @Nullable Parcel filling;
    private boolean stopped = true;
    private int round;
    private long position;
    private long number;
    private int onTheWay;
    private boolean failed;

    /** Takes messages. */
    interface Broker {

        /** Sends a message; exactly one of both runs later, on the courier's thread. */
        void send(Letter letter, Runnable acknowledged, Runnable refused);
    }

    /** The messages of one transaction. */
    private static final class Parcel {
        private final int round;
        private final long revision;
        private final long number;
        private int open;
        private boolean isWhole;

        private Parcel(int round, long revision, long number) {
            this.round = round;
            this.revision = revision;
            this.number = number;
        }
    }

    Courier(History history, Broker broker, int windowMax) {
        this.history = history;
        this.broker = broker;
        this.windowMax = windowMax;
    }

    /** Begins after a revision. */
    void begin(long after) {
        stop();
        stopped = false;
        position = after;
        at = history.at(after);
        number = (at == null ? history.floor() : at).number();
    }

    /** Stops and lets go of history; what is on the way is not waited for. */
    void stop() {
        round++;
        stopped = true;
        at = null;
        unsent = Collections.emptyIterator();
        filling = null;
        window.clear();
        onTheWay = 0;
        failed = false;
    }

    /** Returns up to which revision the broker has everything. */
    long position() {
        return position;
    }

    /** Returns how many transactions of history the broker does not have yet; 0 while stopped. */
    long lag() {
        return stopped ? 0 : Math.max(0, history.last().number() - number);
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
        // Before the entries: everything up to here is among them.
        long upTo = history.upTo();
        while (!stopped && !failed && onTheWay < windowMax) {
            if (unsent.hasNext()) {
                sendOne();
            } else if (!next()) {
                if (window.isEmpty()) {
                    position = Math.max(position, upTo);
                }
                return;
            }
        }
    }

    /** Goes on to the next transaction; answers whether there is one. */
    private boolean next() {
        Committed here = at;
        Committed next = here == null ? null : here.next();
        if (here == null || (next != null && next.isLost())) {
            Committed floor = history.floor();
            at = floor;
            fill(
                    floor,
                    Collections.singleton(Letter.gap(position(here), floor.revision()))
                            .iterator());
            return true;
        }
        if (next == null) {
            return false;
        }
        at = next;
        fill(next, Letter.of(next));
        return true;
    }

    /** What was sent of a transaction whose place is gone counts as said, acknowledged or not. */
    private long position(@Nullable Committed here) {
        return here == null ? position : Math.max(position, here.revision());
    }

    private void fill(Committed of, Iterator<Letter> letters) {
        Parcel parcel = new Parcel(round, of.revision(), of.number());
        window.add(parcel);
        filling = parcel;
        unsent = letters;
    }

    private void sendOne() {
        Parcel parcel = filling;
        if (parcel == null) {
            throw new IllegalStateException("a message belongs to no transaction");
        }
        Letter letter = unsent.next();
        parcel.isWhole = !unsent.hasNext();
        parcel.open++;
        onTheWay++;
        broker.send(letter, () -> settled(parcel, true), () -> settled(parcel, false));
    }

    private void settled(Parcel parcel, boolean acknowledged) {
        if (parcel.round != round) {
            return;
        }
        onTheWay--;
        if (!acknowledged) {
            // Never counted as there: the position stays before it.
            failed = true;
            return;
        }
        parcel.open--;
        for (Parcel first = window.peek(); first != null && first.isWhole && first.open == 0; first = window.peek()) {
            window.remove();
            position = Math.max(position, first.revision);
            number = Math.max(number, first.number);
        }
    }
}
