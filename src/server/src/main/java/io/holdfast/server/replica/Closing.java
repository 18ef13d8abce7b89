package io.holdfast.server.replica;

import io.holdfast.lock.Command;

/**
 * By what client a session is closed, and why.
 *
 * @param forcedBy client that closes it instead of its own, so that its locks stay closed for its lock-delay; empty
 *     when its own client does. At most 256 characters
 * @param dead whether its own client is confirmed dead, so that it expires
 */
public record Closing(String forcedBy, boolean dead) {

    /** By its own client. */
    public static final Closing OWN = new Closing("", false);

    Command command(long session, long atMillis) {
        return new Command.CloseSession(session, forcedBy, dead, atMillis);
    }
}
