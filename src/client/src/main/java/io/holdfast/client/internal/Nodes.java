package io.holdfast.client.internal;

import java.net.URI;
import java.util.List;

/** The nodes in the order in which they are asked: first the one that answered last. On the loop. */
final class Nodes {

    private final List<URI> endpoints;
    private int home;

    Nodes(List<URI> endpoints, double random) {
        this.endpoints = List.copyOf(endpoints);
        this.home = (int) (random * endpoints.size());
    }

    int size() {
        return endpoints.size();
    }

    /** The node that a request asks when so many before it gave no answer. */
    URI get(int attempt) {
        return endpoints.get(Math.floorMod(home + attempt, endpoints.size()));
    }

    /** The node to be asked first from now on, since it answers. */
    void answered(URI node) {
        home = Math.max(0, endpoints.indexOf(node));
    }
}
