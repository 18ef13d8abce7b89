package io.holdfast.server.edge;

import java.util.Locale;

/** Why the node ended a client's connection, or stopped reading what it sent. */
public enum Fault {
    /** It was there for the time of a request and sent nothing. */
    SILENT,
    /** The head of a request was not complete in time. */
    SLOW_HEAD,
    /** The body of a request was not complete in time. */
    SLOW_BODY,
    /** It had no request under way while others waited to be accepted. */
    MAKES_ROOM;

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
