package io.holdfast.server.replica;

import io.holdfast.lock.QuotaUse;
import io.holdfast.zab.core.MemberRole;
import io.holdfast.zab.core.MemberState;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Zab;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** Judges what a node shows of itself and, where it leads, of the members. Keeps nothing but when leases were moved. */
final class Alarms {

    /** A member that lags more may miss its snapshot or be about to be cut off. */
    static final long LAG_TXNS = 10_000;

    /** Of a quota, this part is left when it is told. */
    private static final int LEFT_PART = 10;

    /** A pause of the lease clock is told for so long. */
    static final long PAUSE_SHOWN_NANOS = TimeUnit.MINUTES.toNanos(5);

    private final ServerId self;
    private final int newestLevel;
    private volatile long pausedAt = Long.MIN_VALUE;
    private volatile long pausedMillis;

    /**
     * Creates one without news.
     *
     * @param newestLevel that this node speaks
     */
    Alarms(ServerId self, int newestLevel) {
        this.self = self;
        this.newestLevel = newestLevel;
    }

    /** All leases were moved; any thread. */
    void paused(long now, long nanos) {
        pausedMillis = TimeUnit.NANOSECONDS.toMillis(nanos);
        pausedAt = now;
    }

    /**
     * Returns what is the matter now, in a fixed order; any thread.
     *
     * @param quotas how much of each is used
     */
    List<Alarm> of(long now, Zab.Status status, DiskWatch.Reading disk, List<QuotaUse> quotas) {
        List<Alarm> alarms = new ArrayList<>();
        if (disk.isLow()) {
            alarms.add(new Alarm(
                    "no-space",
                    "the disk of node " + self + " has " + disk.freeBytes() + " bytes left, and the next snapshot and"
                            + " the log may need " + disk.needed() + ": make room"));
        }
        quotas.stream()
                .filter(use -> use.used() > use.limit() - use.limit() / LEFT_PART)
                .forEach(use -> alarms.add(new Alarm("quota", full(use))));
        long at = pausedAt;
        if (at != Long.MIN_VALUE && now - at < PAUSE_SHOWN_NANOS) {
            alarms.add(new Alarm(
                    "lease-pause",
                    "node " + self + " paused for " + pausedMillis + " ms while it led, "
                            + TimeUnit.NANOSECONDS.toSeconds(now - at) + " s ago, and extended all leases by it: check"
                            + " its processor, its memory and its disk"));
        }
        if (status.configuration().level() < newestLevel) {
            alarms.add(new Alarm(
                    "level-behind",
                    "the ensemble is at level " + status.configuration().level() + " and this node speaks "
                            + newestLevel + ": upgrade or start the members that keep it from rising"));
        }
        members(status, alarms);
        return alarms;
    }

    private static String full(QuotaUse use) {
        String what = switch (use.quota()) {
            case SESSIONS -> "open sessions: have clients share them, and end unused ones";
            case GRANTS -> "locks of grants and tickets: release unused ones";
            case BYTES ->
                "bytes of state: release unused locks, or raise holdfast.limits.state-bytes and"
                        + " the heap of every node";
            case TOKENS -> "fencing tokens, which never start again: move to a new ensemble";
            case WAITERS_PER_LOCK -> "waiting tickets of one lock";
            case GRANTS_PER_SESSION -> "grants of one session";
            case PRINCIPAL_SESSIONS -> "sessions of one principal";
            case PRINCIPAL_GRANTS -> "grants of one principal";
        };
        return "there are " + use.used() + " of the " + use.limit() + " that may be, of " + what;
    }

    private void members(Zab.Status status, List<Alarm> alarms) {
        if (status.role() != Role.LEADING) {
            return;
        }
        Set<ServerId> heard = new TreeSet<>();
        for (MemberState member : status.members()) {
            heard.add(member.id());
            long lag = ClusterViews.lag(status.lastCommitted(), member.applied());
            if (!member.id().equals(self) && lag > LAG_TXNS) {
                alarms.add(new Alarm("lag", "member " + member.id() + " lags " + lag + " transactions"));
            }
        }
        status.configuration().members().stream()
                .filter(member -> member.role() == MemberRole.VOTER)
                .filter(member -> !member.id().equals(self) && !heard.contains(member.id()))
                .forEach(member -> alarms.add(new Alarm(
                        "voter-away",
                        "the leader does not hear member " + member.id() + ", which has a vote: start it, or remove"
                                + " it")));
        for (ServerId member : status.differing()) {
            alarms.add(new Alarm(
                    "digest",
                    "member " + member + " has a different state than the leader, node " + self + ", after the same"
                            + " transactions, and its log says since when: one of the two is wrong. Keep the data"
                            + " directories of both; the one that a quorum of voters differs from stops by itself"));
        }
    }
}
