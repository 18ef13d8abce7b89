package io.holdfast.zab.net;

/** What a connection is for. The code is what the wire carries. */
enum LinkKind {
    /** Votes and hellos, from the dialer to the acceptor only. */
    ELECTION(1),
    /** A learner, which dials, and its leader. */
    REPLICATION(2);

    private final int code;

    LinkKind(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static LinkKind of(int code) {
        return switch (code) {
            case 1 -> ELECTION;
            case 2 -> REPLICATION;
            default -> throw new IllegalArgumentException("no kind of connection has code " + code);
        };
    }
}
