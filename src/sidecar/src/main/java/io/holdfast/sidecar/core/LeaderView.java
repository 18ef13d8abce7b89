package io.holdfast.sidecar.core;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The leader of the election as it was last heard of. Its token never goes back. Any thread. */
public final class LeaderView {

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private @Nullable Candidate leader;
    private @Nullable Candidate former;
    private @Nullable Moment heard;
    private long highest;

    /**
     * What is known.
     *
     * @param leader null when there is none, or nothing was heard yet
     * @param heard before the question was sent to which this is the answer; null when nothing was heard yet
     */
    public record Sight(
            @Nullable Candidate leader, @Nullable Moment heard) {}

    /** Calls it after each change of the leader, on the thread that brought it; it must be quick. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /**
     * Takes what a node, or the own lease, says.
     *
     * @param now the leader; null when there is none
     * @param asked before the question was sent
     */
    public void heard(@Nullable Candidate now, Moment asked) {
        if (take(now, asked)) {
            listeners.forEach(Runnable::run);
        }
    }

    private synchronized boolean take(@Nullable Candidate now, Moment asked) {
        boolean stale = heard != null && heard.isAfter(asked);
        if (now == null ? stale : now.token() < highest) {
            return false;
        }
        if (!stale) {
            heard = asked;
        }
        Candidate present = leader;
        boolean same = present == null ? now == null : now != null && now.token() == present.token();
        if (same) {
            return false;
        }
        former = present == null ? former : present;
        leader = now;
        highest = now == null ? highest : now.token();
        return true;
    }

    /** What is known at this moment. */
    public synchronized Sight sight() {
        return new Sight(leader, heard);
    }

    /** The highest token that any leader had; 0 when none was heard of. */
    public synchronized long highest() {
        return highest;
    }

    /** The leader before the present one; empty when none was heard of. */
    public synchronized Optional<Candidate> former() {
        return Optional.ofNullable(former);
    }
}
