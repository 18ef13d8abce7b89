package io.holdfast.zab.core;

/**
 * One replication connection between a learner and a leader, so that what an older connection still delivers is told
 * apart.
 *
 * @param peer who is at the other end
 * @param number unique among all links that this process ever had
 */
public record Link(ServerId peer, long number) implements Comparable<Link> {

    @Override
    public int compareTo(Link other) {
        return Long.compare(number, other.number);
    }
}
