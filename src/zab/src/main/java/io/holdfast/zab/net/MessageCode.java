package io.holdfast.zab.net;

/** First byte of a message on the wire; a code is never used again for another message. */
final class MessageCode {

    static final int HELLO = 1;
    static final int NOTIFICATION = 2;

    static final int FOLLOWER_INFO = 16;
    static final int LEADER_INFO = 17;
    static final int ACK_EPOCH = 18;
    static final int SYNC_BEGIN = 19;
    static final int SYNC_TXN = 20;
    static final int SNAPSHOT_CHUNK = 21;
    static final int SYNC_NACK = 22;
    static final int NEW_LEADER = 23;
    static final int ACK_NEW_LEADER = 24;
    static final int UP_TO_DATE = 25;
    static final int PROPOSAL = 26;
    static final int ACK = 27;
    static final int COMMIT = 28;
    static final int PING = 29;
    static final int PONG = 30;
    static final int REQUEST = 31;
    static final int REQUEST_REFUSED = 32;
    static final int READ_INDEX = 33;
    static final int READ_INDEX_REPLY = 34;
    static final int TOUCH = 35;
    static final int TOUCH_REPLY = 36;
    static final int OVERVIEW = 37;
    static final int INFORM = 38;
    static final int HAND_OFF_REQUEST = 39;
    static final int TAKE_OVER = 40;
    static final int RELAYED = 41;
    static final int REDIRECT = 42;
    static final int LET_GO = 43;
    static final int HISTORY_REQUEST = 44;
    static final int SYNC_PROGRESS = 45;

    private MessageCode() {}
}
