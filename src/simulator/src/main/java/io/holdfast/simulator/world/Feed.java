package io.holdfast.simulator.world;

import io.holdfast.lock.Change;
import io.holdfast.simulator.book.Standing;
import io.holdfast.simulator.check.Told;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What a server applied lately, and the readers that it tells it to: a short stand-in for the histories and streams of
 * production. Each reader goes on from the revision that it has, also if this server does not have that yet.
 */
final class Feed {

    private static final int AT_ONCE = 3;
    private static final long PAUSE_NANOS = 2 * Scheduler.MILLI;

    private record Kept(long revision, List<Change> changes) {}

    private final ServerProcess process;
    private final int keptMax;
    private final Deque<Kept> kept = new ArrayDeque<>();
    private final List<Subscription> subscriptions = new ArrayList<>();

    /** From here on everything is known. */
    private long floor;

    private long upTo;

    Feed(ServerProcess process, int keptMax) {
        this.process = process;
        this.keptMax = keptMax;
    }

    /** Where a stream leads to. */
    interface Outlet {

        /** Returns whether somebody still reads. */
        boolean isOpen();

        void tell(Told told);
    }

    /** The state was replaced: what led to it is not known here. */
    void restart(long revision) {
        kept.clear();
        floor = revision;
        upTo = revision;
        pump();
    }

    void append(long revision, List<Change> changes) {
        if (!changes.isEmpty()) {
            kept.add(new Kept(revision, changes));
            if (kept.size() > keptMax) {
                floor = kept.remove().revision();
            }
        }
        upTo = revision;
        pump();
    }

    void subscribe(long since, Outlet outlet) {
        Subscription subscription = new Subscription(outlet, since);
        subscriptions.add(subscription);
        subscription.pump();
    }

    void bookmarks() {
        subscriptions.removeIf(subscription -> !subscription.outlet.isOpen());
        subscriptions.forEach(Subscription::bookmark);
    }

    private void pump() {
        subscriptions.forEach(Subscription::pump);
    }

    /** One reader's way through the history. */
    private final class Subscription {

        private final Outlet outlet;

        /** Up to here the reader has everything, told of it or not: what changes nothing is not told. */
        private long cursor;

        private long toldLast;

        private boolean pausing;

        Subscription(Outlet outlet, long since) {
            this.outlet = outlet;
            this.cursor = since;
            this.toldLast = since;
        }

        private void tell(Told told) {
            outlet.tell(told);
            cursor = told.revision();
            toldLast = cursor;
        }

        /** Tells some of what is new, and the rest after others had their turn. */
        void pump() {
            if (pausing || !outlet.isOpen()) {
                return;
            }
            if (cursor < floor) {
                tell(new Told.Reset(toldLast, floor, upTo, Standing.of(process.table())));
            }
            int told = 0;
            for (Kept next : kept) {
                if (next.revision() > cursor && told++ < AT_ONCE) {
                    tell(new Told.Changed(next.revision(), next.changes()));
                }
            }
            if (told > AT_ONCE) {
                pausing = true;
                process.later(
                        PAUSE_NANOS,
                        () -> process.event(() -> {
                            pausing = false;
                            pump();
                        }));
            } else {
                cursor = Math.max(cursor, upTo);
            }
        }

        void bookmark() {
            tell(new Told.Bookmark(cursor));
        }
    }
}
