package io.holdfast.lock;

import java.util.ArrayList;
import java.util.List;

/** Explains what a ticket waits for; visits a bounded number of queue entries. */
final class Why {

    private Why() {}

    /** A read is as bounded as the search at the grant's acquire, whatever the level of that was. */
    private static final int STEPS = 10_000;

    static WhyView of(Grant grant) {
        List<WhyView.Line> lines = new ArrayList<>();
        for (int i = 0; i < grant.size(); i++) {
            Place place = grant.place(i);
            WaitQueue queue = place.lock.queue;
            if (queue != null && !place.open) {
                lines.add(line(place, queue));
            }
        }
        Deadlocks.Search search = Deadlocks.of(grant, STEPS);
        return new WhyView(grant.view(), lines, search.cycle(), search.complete());
    }

    private static WhyView.Line line(Place place, WaitQueue queue) {
        Lock lock = place.lock;
        List<GrantView> holders = new ArrayList<>();
        int looks = STEPS;
        for (Place other = lock.first; other != null && looks-- > 0; other = other.next) {
            add(place, other, holders);
        }
        List<GrantView> ahead = new ArrayList<>();
        Place other = queue.between(0, place.slot);
        while (other != null && ahead.size() < Limits.HOLDERS_SHOWN && looks-- > 0) {
            add(place, other, ahead);
            other = queue.between(other.slot + 1, place.slot);
        }
        Closed closed = lock.closed;
        return new WhyView.Line(
                lock.name, place.mode, holders, ahead, queue.position(place), closed == null ? 0 : closed.millis());
    }

    private static void add(Place place, Place other, List<GrantView> views) {
        if (place.conflicts(other) && views.size() < Limits.HOLDERS_SHOWN) {
            views.add(other.grant.view());
        }
    }
}
