package io.holdfast.lock;

import io.holdfast.lock.NaiveRows.GrantRow;
import io.holdfast.lock.NaiveRows.SessionRow;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Whether a ticket closes a cycle, by looking at every pair of grants again and again until nothing is new. */
final class NaiveDeadlock {

    private final List<GrantRow> live;
    private final NaiveLines lines;
    private final GrantRow ticket;

    /** Creates one for a ticket that is among the live grants. */
    NaiveDeadlock(List<GrantRow> live, NaiveLines lines, GrantRow ticket) {
        this.live = live;
        this.lines = lines;
        this.ticket = ticket;
    }

    boolean isOne() {
        Set<SessionRow> mates = closure(null);
        mates.add(ticket.session);
        int before;
        do {
            before = mates.size();
            for (SessionRow one : List.copyOf(mates)) {
                boolean stuck = one == ticket.session
                        ? stuck(ticket, mates)
                        : live.stream().anyMatch(g -> g.session == one && stuck(g, mates));
                if (!stuck) {
                    mates.remove(one);
                }
            }
        } while (mates.size() < before);
        Set<SessionRow> waiting = closure(mates);
        return mates.contains(ticket.session)
                && live.stream().anyMatch(g -> waiting.contains(g.session) && waits(ticket, g));
    }

    /** Whether each session waits for the one after it, the last for the first, and the first through the ticket. */
    boolean isCycle(List<WaitsFor> cycle) {
        for (int i = 0; i < cycle.size(); i++) {
            WaitsFor here = cycle.get(i);
            WaitsFor next = cycle.get((i + 1) % cycle.size());
            boolean waits = live.stream()
                    .anyMatch(g -> g.id.equals(here.grant())
                            && g.session.id == here.session()
                            && live.stream()
                                    .anyMatch(other -> other.session.id == next.session()
                                            && waits(g, other, NaiveLines.claim(g, here.lock()))));
            if (!waits) {
                return false;
            }
        }
        return cycle.size() > 1 && cycle.get(0).grant().equals(ticket.id);
    }

    /** Those who wait for what the asking session has, at any distance. */
    private Set<SessionRow> closure(Set<SessionRow> within) {
        Set<SessionRow> found = new LinkedHashSet<>();
        int before;
        do {
            before = found.size();
            for (GrantRow g : live) {
                for (GrantRow other : live) {
                    boolean ofAsker = other.session == ticket.session && other != ticket && !stranger(other);
                    boolean allowed = within == null || within.contains(g.session);
                    if (g.session != ticket.session
                            && allowed
                            && (ofAsker || found.contains(other.session))
                            && waits(g, other)) {
                        found.add(g.session);
                    }
                }
            }
        } while (found.size() > before);
        return found;
    }

    private boolean stranger(GrantRow own) {
        for (Claim claim : ticket.claims) {
            Claim theirs = NaiveLines.claim(own, claim.lock());
            boolean upgrade =
                    own.token != 0 && theirs != null && theirs.mode() == Mode.SHARED && claim.mode() == Mode.EXCLUSIVE;
            if (theirs != null && !upgrade) {
                return true;
            }
        }
        return false;
    }

    /** Whether a ticket stands behind a grant of another session that it cannot have some lock beside. */
    private boolean waits(GrantRow g, GrantRow other) {
        return g.session != other.session && g.claims.stream().anyMatch(claim -> waits(g, other, claim));
    }

    private boolean waits(GrantRow g, GrantRow other, Claim claim) {
        return claim != null && g.session != other.session && conflict(g, other, claim);
    }

    private boolean conflict(GrantRow g, GrantRow other, Claim claim) {
        Claim theirs = NaiveLines.claim(other, claim.lock());
        if (g.token != 0 || theirs == null || lines.fits(g, claim)) {
            return false;
        }
        boolean before = other.token != 0 || other.ticket < g.ticket;
        return before && (claim.limit() > 0 || claim.mode() == Mode.EXCLUSIVE || theirs.mode() == Mode.EXCLUSIVE);
    }

    private boolean stuck(GrantRow g, Set<SessionRow> mates) {
        return g.token == 0 && g.claims.stream().anyMatch(claim -> stuck(g, claim, mates));
    }

    private boolean stuck(GrantRow g, Claim claim, Set<SessionRow> mates) {
        List<GrantRow> before = new ArrayList<>(lines.holders(claim.lock()));
        before.addAll(lines.ahead(g, claim.lock()));
        int permits = 0;
        boolean conflict = false;
        for (GrantRow other : before) {
            if (other.session != g.session && mates.contains(other.session) && conflict(g, other, claim)) {
                conflict = true;
                permits += NaiveLines.claim(other, claim.lock()).permits();
            }
        }
        return claim.limit() > 0 ? conflict && permits + claim.permits() > claim.limit() : conflict;
    }
}
