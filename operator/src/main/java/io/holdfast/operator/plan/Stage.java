package io.holdfast.operator.plan;

/** How far the members of an ensemble are on the way between plain connections and secured ones. */
public enum Stage {
    /** No connection is secured. */
    PLAIN,
    /** Members take both kinds of connections: between the other two no member refuses another one. */
    BRIDGE,
    /** Members take secured connections from each other only. */
    SECURED
}
