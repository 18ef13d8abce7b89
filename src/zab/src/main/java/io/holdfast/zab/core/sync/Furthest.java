package io.holdfast.zab.core.sync;

import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.leading.LearnerProgress;
import java.util.Map;
import java.util.TreeMap;

/**
 * How far the voters of a leader that is not established came at most, over all attempts with each: one that begins
 * again and again, and never gets further, is not worth waiting for.
 */
final class Furthest {

    private final Map<ServerId, Long> reached = new TreeMap<>();
    private long movedAt;

    void begin(long now) {
        movedAt = now;
    }

    void look(LearnerProgress voter, long now) {
        long before = reached.getOrDefault(voter.link().peer(), -1L);
        long reaches = voter.reached();
        if (reaches > before || voter.isSentAllAtOnce()) {
            reached.put(voter.link().peer(), reaches);
            movedAt = now;
        }
    }

    /** Returns when a voter came further than ever before. */
    long movedAt() {
        return movedAt;
    }
}
