package io.holdfast.zab.net;

/** What a connection is for. The code is what the wire carries. */
enum LinkKind {
    /** Votes and hellos, from the dialer to the acceptor only. */
    ELECTION(1),
    /** A learner, which dials, and its leader. */
    REPLICATION(2),
    /** A node that asks for the configuration, and a member that tells it. */
    JOINING(3);

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
            case 3 -> JOINING;
            default -> throw new IllegalArgumentException("no kind of connection has code " + code);
        };
    }
}
