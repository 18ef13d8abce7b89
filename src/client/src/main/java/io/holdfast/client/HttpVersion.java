package io.holdfast.client;

/** How requests are carried. */
public enum HttpVersion {
    /** A connection for each request that is under way; the default, and the one for JDK 17. */
    HTTP_1_1,
    /**
     * One connection to a node for all requests, where the node offers it. One that gave no answer is thrown away with
     * all that is under way on it. Before JDK 24 a node that ends its connections makes requests fail that would have
     * been sent again by the JDK; the client sends them again.
     */
    HTTP_2
}
