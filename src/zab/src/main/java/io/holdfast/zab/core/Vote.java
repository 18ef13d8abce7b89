package io.holdfast.zab.core;

import java.util.Comparator;

/**
 * The candidate that a server votes for, and how recent that candidate's history is.
 *
 * <p>Ordered by the epoch whose history the candidate adopted, its last durable zxid, then its id; the larger wins.
 * Without the epoch a longer log of an older epoch could win and lose committed transactions (ZOOKEEPER-335, -1082).
 *
 * @param peerEpoch the candidate's currentEpoch
 * @param lastZxid the candidate's last durable transaction
 * @param candidate the server voted for
 */
public record Vote(long peerEpoch, Zxid lastZxid, ServerId candidate) implements Comparable<Vote> {

    private static final Comparator<Vote> ORDER = Comparator.comparingLong(Vote::peerEpoch)
            .thenComparing(Vote::lastZxid)
            .thenComparing(Vote::candidate);

    @Override
    public int compareTo(Vote other) {
        return ORDER.compare(this, other);
    }
}
