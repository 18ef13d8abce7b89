package io.holdfast.lock.acl;

import java.util.List;

/**
 * How much each of some principals may have at the same time.
 *
 * @param to as with {@link Binding}
 * @param sessions open sessions
 * @param grants grants and places in line
 * @param streams streams of events at one node
 * @param rps requests in a second at one node
 */
public record Limit(String name, List<String> to, int sessions, int grants, int streams, int rps) {

    /** In place of a bound: there is none. */
    public static final int NONE = -1;

    /** The highest bound. */
    public static final int MAX = 1_000_000;

    /** Checks the bounds. */
    public Limit {
        Names.requireName("name", name);
        to = Names.requireTo(to);
        require("sessions", sessions);
        require("grants", grants);
        require("streams", streams);
        require("rps", rps);
    }

    private static void require(String field, int bound) {
        if (bound < NONE || bound > MAX) {
            throw new InvalidAclException(field, "is 0 to " + MAX);
        }
    }
}
