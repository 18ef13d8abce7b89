package io.holdfast.zab.core;

/** What a member may do in the protocol. */
public enum MemberRole {
    /** Votes, promises and acknowledges. */
    VOTER,
    /** Receives committed transactions only and never counts. */
    OBSERVER
}
