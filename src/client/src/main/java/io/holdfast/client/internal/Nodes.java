package io.holdfast.client.internal;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The nodes in the order in which they are asked: first the one that answered last. The endpoints that were configured
 * stay whatever else is found. On the loop.
 */
final class Nodes {

    /** Nodes at most: what is found beyond them is left out. */
    static final int MAX = 32;

    private final List<URI> configured;
    private List<URI> all;
    private int home;

    Nodes(List<URI> configured, double random) {
        this.configured = List.copyOf(configured);
        this.all = this.configured;
        this.home = (int) (random * all.size());
    }

    List<URI> configured() {
        return configured;
    }

    int size() {
        return all.size();
    }

    /** The node that a request asks when so many before it gave no answer. */
    URI get(int attempt) {
        return all.get(Math.floorMod(home + attempt, all.size()));
    }

    /** The node to be asked first from now on, since it answers. */
    void answered(URI node) {
        home = Math.max(0, all.indexOf(node));
    }

    /** Takes what was found, in place of what was found before. */
    void found(Collection<URI> others) {
        URI present = get(0);
        Set<URI> next = new LinkedHashSet<>(configured);
        for (URI other : others) {
            if (next.size() < Math.max(MAX, configured.size())) {
                next.add(other);
            }
        }
        all = List.copyOf(new ArrayList<>(next));
        answered(present);
    }

    @Override
    public String toString() {
        return all.toString();
    }
}
