package io.holdfast.ensemble.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The highest value that was known before a moment. */
final class Rising {

    /** A value, and the event that told it. */
    record Point(long time, long value, Object source) {}

    private final List<Point> points = new ArrayList<>();
    private @Nullable NavigableMap<Long, Point> highest;

    void add(long time, long value, Object source) {
        points.add(new Point(time, value, source));
        highest = null;
    }

    @Nullable
    Point highestBefore(long time) {
        if (highest == null) {
            highest = sweep();
        }
        var entry = highest.lowerEntry(time);
        return entry == null ? null : entry.getValue();
    }

    private NavigableMap<Long, Point> sweep() {
        points.sort(Comparator.comparingLong(Point::time));
        var byTime = new TreeMap<Long, Point>();
        Point best = null;
        for (var point : points) {
            if (best == null || point.value() > best.value()) {
                best = point;
            }
            byTime.put(point.time(), best);
        }
        return byTime;
    }
}
