package io.holdfast.lock;

/** The kinds of commands by their number on the wire; a number is never given to another kind. */
final class CommandKind {
    static final int OPEN_SESSION = 1;
    static final int CLOSE_SESSION = 2;
    static final int EXPIRE_SESSIONS = 3;
    static final int ACQUIRE = 4;
    static final int ACQUIRE_ALONE = 5;
    static final int RELEASE = 6;
    static final int EXPIRE_WAITS = 7;
    static final int CHANGE_MODE = 8;
    static final int TRANSFER = 9;
    static final int BREAK = 10;
    static final int EXPIRE_DELAYS = 11;
    static final int EXPIRE_YIELDS = 12;
    static final int EXPIRE_BREAKS = 13;
    static final int CHANGE_LIMIT = 14;
    static final int ATTACH = 15;
    static final int SET_STATE_BYTES = 16;
    static final int CONTINUE_ENDINGS = 17;

    /** Has what {@link #CLOSE_SESSION} has; the client is confirmed dead. */
    static final int CLOSE_DEAD = 18;

    static final int CHANGE_ACL = 19;

    /** A revision of rules, and then a command of another kind, from its kind on. */
    static final int JUDGED = 20;

    /** A principal, and then a command of another kind, from its kind on. */
    static final int ON_BEHALF = 21;

    private CommandKind() {}
}
