package io.holdfast.lock;

import io.holdfast.lock.NaiveRows.GrantRow;
import java.util.Comparator;
import java.util.List;

/** Holders and lines of all locks, found by looking at every grant: the rule of the line in its plainest form. */
final class NaiveLines {

    private final List<GrantRow> live;

    private final List<String> closed;

    NaiveLines(List<GrantRow> live, List<String> closed) {
        this.live = live;
        this.closed = closed;
    }

    /** How far a ticket stands, and directly behind whom. */
    record Spot(int position, String behind) {}

    static Claim claim(GrantRow g, String lock) {
        return g.claims.stream().filter(c -> c.lock().equals(lock)).findFirst().orElse(null);
    }

    List<GrantRow> holders(String lock) {
        return live.stream()
                .filter(g -> g.token != 0 && claim(g, lock) != null)
                .sorted(Comparator.comparingLong(g -> g.token))
                .toList();
    }

    List<GrantRow> line(String lock) {
        return live.stream()
                .filter(g -> g.token == 0 && claim(g, lock) != null)
                .sorted(Comparator.comparingLong(g -> g.ticket))
                .toList();
    }

    List<GrantRow> ahead(GrantRow g, String lock) {
        return line(lock).stream().filter(other -> other.ticket < g.ticket).toList();
    }

    /** Whether all holders and all who stand ahead could have the lock together with this one, and it is not closed. */
    boolean fits(GrantRow g, Claim claim) {
        if (closed.contains(claim.lock())) {
            return false;
        }
        int permits = claim.permits();
        for (List<GrantRow> others : List.of(holders(claim.lock()), ahead(g, claim.lock()))) {
            for (GrantRow other : others) {
                Claim theirs = claim(other, claim.lock());
                if (claim.limit() == 0 && (claim.mode() == Mode.EXCLUSIVE || theirs.mode() == Mode.EXCLUSIVE)) {
                    return false;
                }
                permits += theirs.permits();
            }
        }
        return claim.limit() == 0 || permits <= claim.limit();
    }

    boolean grantable(GrantRow g) {
        return g.claims.stream().allMatch(claim -> fits(g, claim));
    }

    Spot spot(GrantRow g) {
        Spot spot = new Spot(0, null);
        for (Claim claim : g.claims) {
            List<GrantRow> ahead = ahead(g, claim.lock());
            if (g.token == 0 && !fits(g, claim) && ahead.size() + 1 > spot.position()) {
                List<GrantRow> holders = holders(claim.lock());
                String behind = !ahead.isEmpty()
                        ? ahead.get(ahead.size() - 1).id
                        : holders.isEmpty() ? null : holders.get(0).id;
                spot = new Spot(ahead.size() + 1, behind);
            }
        }
        return spot;
    }
}
