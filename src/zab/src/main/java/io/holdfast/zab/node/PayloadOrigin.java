package io.holdfast.zab.node;

/** Tells the bytes that this server made from those that another one sent, which may be anything. */
public enum PayloadOrigin {
    /** Made by the code of this process. */
    OWN,
    /** Received from a peer that votes. */
    PEER,
    /** Received from a member without a vote, or on its behalf. */
    OBSERVER
}
