package io.holdfast.zab.core;

/** How far a server has come in its role; the names of the TLA+ specification. */
public enum Phase {
    ELECTION,
    DISCOVERY,
    SYNCHRONIZATION,
    BROADCAST
}
