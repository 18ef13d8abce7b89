package io.holdfast.zab.net;

/** Bytes on a connection are not what the protocol says; the connection is of no more use. */
class FrameException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String reason;

    FrameException(String reason) {
        super(reason, null, false, false);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
