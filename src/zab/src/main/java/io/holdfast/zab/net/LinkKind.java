package io.holdfast.zab.net;

/** What a connection is for. The code is what the wire carries. */
enum LinkKind {
    /** Votes and hellos, from the dialer to the acceptor only. */
    ELECTION(1, 4 << 10),
    /** A learner, which dials, and its leader. */
    REPLICATION(2, Frame.MAX_BODY_BYTES),
    /** A node that asks for the configuration, and a member that tells it. */
    JOINING(3, Greeting.BYTES_MAX);

    private final int code;
    private final int bodyBytesMax;

    LinkKind(int code, int bodyBytesMax) {
        this.code = code;
        this.bodyBytesMax = bodyBytesMax;
    }

    /** Returns the longest frame that the opener of such a connection may send after its greeting. */
    int bodyBytesMax() {
        return bodyBytesMax;
    }

    int code() {
        return code;
    }

    static LinkKind of(int code) {
        return switch (code) {
            case 1 -> ELECTION;
            case 2 -> REPLICATION;
            case 3 -> JOINING;
            default -> throw new IllegalArgumentException("no kind of connection has code " + code);
        };
    }
}
