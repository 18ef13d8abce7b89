package io.holdfast.lock.lease;

/** What the lease clock says to a keepalive. */
public enum Touch {
    /**
     * The deadline moved; to be confirmed to the client only after a quorum round that began after the receipt
     * (protocol.md#t2).
     */
    EXTENDED,
    /** Its expiry is on its way: the outcome is unknown until that transaction commits (protocol.md#t8). */
    CLOSING,
    /** No such session is open. */
    UNKNOWN
}
