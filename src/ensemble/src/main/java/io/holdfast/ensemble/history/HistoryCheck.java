package io.holdfast.ensemble.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Compares a history with every promise of the service; needs time in proportion to its size, but for sorting. */
public final class HistoryCheck {

    private final History history;
    private final Belief belief;
    private final Map<String, List<Hold>> held;
    private final List<String> found = new ArrayList<>();

    private HistoryCheck(History history, long driftPerMille, long margin) {
        this.history = history;
        this.belief = new Belief(history.leases(), driftPerMille, margin);
        this.held = history.holds().stream()
                .filter(belief::everHeld)
                .sorted(Comparator.comparingLong(Hold::confirmed))
                .collect(Collectors.groupingBy(Hold::lock, TreeMap::new, Collectors.toList()));
    }

    /** Returns every promise that was broken, in words, when all clients had the leader's own clock. */
    public static List<String> violations(History history) {
        return violations(history, 0, 0);
    }

    /**
     * Returns every promise that was broken, in words.
     *
     * @param driftPerMille how much a client's clock may be slower than a leader's
     * @param margin nanoseconds that a client stops early
     */
    public static List<String> violations(History history, long driftPerMille, long margin) {
        var check = new HistoryCheck(history, driftPerMille, margin);
        check.oneHolderAtATime();
        check.aTokenBelongsToOneGrant();
        check.tokensRise();
        check.nothingEndsEarly();
        check.readsShowWhoHolds();
        check.readsNeverGoBack();
        check.replicasAgree();
        return check.found;
    }

    /** Two clients never trust in the same lock at the same time, and the later one has the higher token. */
    private void oneHolderAtATime() {
        for (var ofOne : held.values()) {
            var last = ofOne.get(0);
            for (var later : ofOne.subList(1, ofOne.size())) {
                if (later.confirmed() < belief.until(last)) {
                    found.add("two holders: " + last + " and " + later);
                }
                if (later.token() <= last.token()) {
                    found.add("the token of a lock did not rise: " + last + " then " + later);
                }
                last = belief.until(later) > belief.until(last) ? later : last;
            }
        }
    }

    private void aTokenBelongsToOneGrant() {
        var grants = new HashMap<Long, String>();
        var tokens = new HashMap<String, Long>();
        for (var hold : history.holds()) {
            pair(grants, tokens, hold.grant(), hold.token());
        }
        for (var read : history.reads()) {
            if (!read.grant().isEmpty()) {
                pair(grants, tokens, read.grant(), read.token());
            }
        }
    }

    private void pair(Map<Long, String> grants, Map<String, Long> tokens, String grant, long token) {
        var other = grants.putIfAbsent(token, grant);
        if (other != null && !other.equals(grant)) {
            found.add("one token, two grants: " + token + " is that of " + other + " and of " + grant);
        }
        var earlier = tokens.putIfAbsent(grant, token);
        if (earlier != null && earlier != token) {
            found.add("one grant, two tokens: " + grant + " has " + earlier + " and " + token);
        }
    }

    /** A grant asked for after another was confirmed, on whatever lock, has the higher token. */
    private void tokensRise() {
        var confirmed = new Rising();
        history.holds().forEach(hold -> confirmed.add(hold.confirmed(), hold.token(), hold));
        for (var hold : history.holds()) {
            var highest = confirmed.highestBefore(hold.requested());
            if (highest != null && hold.token() <= highest.value()) {
                found.add("a token did not rise: " + highest.source() + " then " + hold);
            }
        }
    }

    private void nothingEndsEarly() {
        var over = new HashMap<String, Long>();
        for (var end : history.sessionsOver()) {
            over.merge(end.session(), end.told(), Math::min);
            if (end.told() < belief.until(end.session())) {
                found.add("a session ended early: " + end + ", but its lease was confirmed until "
                        + belief.until(end.session()));
            }
        }
        for (var lease : history.leases()) {
            if (lease.sent() > over.getOrDefault(lease.session(), Hold.NEVER)) {
                found.add("a session that had ended was kept alive: " + lease);
            }
        }
        for (var end : history.grantsOver()) {
            if (end.told() < belief.until(end.session())) {
                found.add("an acknowledged ticket or grant was lost: " + end);
            }
        }
    }

    private void readsShowWhoHolds() {
        var released = new HashMap<String, Hold>();
        history.holds().forEach(hold -> released.put(hold.grant(), hold));
        var byStart = new HashMap<String, TreeMap<Long, Hold>>();
        held.forEach((lock, holds) -> holds.forEach(
                hold -> byStart.computeIfAbsent(lock, each -> new TreeMap<>()).put(hold.confirmed(), hold)));
        for (var read : history.reads()) {
            var before = byStart.getOrDefault(read.lock(), new TreeMap<>()).floorEntry(read.sent());
            if (before != null
                    && belief.until(before.getValue()) >= read.received()
                    && !read.grant().equals(before.getValue().grant())) {
                found.add("an acknowledged grant was lost: " + read + " does not show " + before.getValue());
            }
            var shown = released.get(read.grant());
            if (shown != null && shown.released() < read.sent()) {
                found.add("an acknowledged release was lost: " + read + " shows " + shown);
            }
        }
    }

    /** A read is not older than anything that anybody had been told when it was sent. */
    private void readsNeverGoBack() {
        var revisions = new Rising();
        history.seen().forEach(seen -> revisions.add(seen.received(), seen.revision(), seen));
        var tokens = new HashMap<String, Rising>();
        for (var hold : history.holds()) {
            tokens.computeIfAbsent(hold.lock(), lock -> new Rising()).add(hold.confirmed(), hold.token(), hold);
        }
        for (var read : history.reads()) {
            tokens.computeIfAbsent(read.lock(), lock -> new Rising()).add(read.received(), read.token(), read);
        }
        for (var read : history.reads()) {
            var revision = revisions.highestBefore(read.sent());
            if (revision != null && read.revision() < revision.value()) {
                found.add("a read is older than an answer before it: " + revision.source() + " then " + read);
            }
            var token = tokens.getOrDefault(read.lock(), new Rising()).highestBefore(read.sent());
            if (token != null && read.token() != 0 && read.token() < token.value()) {
                found.add("a read shows a former holder: " + token.source() + " then " + read);
            }
        }
    }

    private void replicasAgree() {
        var known = new HashMap<Long, History.Shown>();
        for (var shown : history.shown()) {
            var other = known.putIfAbsent(shown.revision(), shown);
            if (other != null && !other.content().equals(shown.content())) {
                found.add("two replicas differ: " + other + " and " + shown);
            }
        }
    }
}
