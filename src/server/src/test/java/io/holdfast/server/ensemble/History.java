package io.holdfast.server.ensemble;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/** What clients did and were told, on one clock, and the promises that it must keep. */
final class History {

    /**
     * One grant, from the request to the end.
     *
     * @param requested when it was first asked for
     * @param confirmed when the client was told that it holds
     * @param releaseRequested when the client first asked to release
     * @param released when it was told that the grant is gone
     */
    record Hold(
            String lock,
            String grant,
            long token,
            long requested,
            long confirmed,
            long releaseRequested,
            long released) {}

    private final ConcurrentLinkedQueue<Hold> holds = new ConcurrentLinkedQueue<>();

    /** May be called on any thread. */
    void add(Hold hold) {
        holds.add(hold);
    }

    List<Hold> holds() {
        return List.copyOf(holds);
    }

    /** Returns every promise that was broken, in words. */
    List<String> violations() {
        var found = new ArrayList<String>();
        twoHolders(found);
        tokensThatDoNotRise(found);
        return found;
    }

    /** Two clients that both had been told that they hold a lock, neither of which had asked to release it. */
    private void twoHolders(List<String> found) {
        var byLock = holds.stream().collect(Collectors.groupingBy(Hold::lock, TreeMap::new, Collectors.toList()));
        for (var ofOne : byLock.values()) {
            ofOne.sort(Comparator.comparingLong(Hold::confirmed));
            for (var i = 1; i < ofOne.size(); i++) {
                var earlier = ofOne.get(i - 1);
                var later = ofOne.get(i);
                if (later.confirmed() < earlier.releaseRequested()) {
                    found.add("two holders: " + earlier + " and " + later);
                }
                if (later.token() <= earlier.token()) {
                    found.add("the token of a lock did not rise: " + earlier + " then " + later);
                }
            }
        }
    }

    /** A grant asked for after another was confirmed, on whatever lock, must have the higher token. */
    private void tokensThatDoNotRise(List<String> found) {
        var byConfirmed = new ArrayList<>(holds);
        byConfirmed.sort(Comparator.comparingLong(Hold::confirmed));
        var byRequested = new ArrayList<>(holds);
        byRequested.sort(Comparator.comparingLong(Hold::requested));
        var before = 0;
        Hold highest = null;
        for (var hold : byRequested) {
            while (before < byConfirmed.size() && byConfirmed.get(before).confirmed() < hold.requested()) {
                var confirmed = byConfirmed.get(before++);
                highest = highest == null || confirmed.token() > highest.token() ? confirmed : highest;
            }
            if (highest != null && hold.token() <= highest.token()) {
                found.add("a token did not rise: " + highest + " then " + hold);
            }
        }
    }
}
