package io.holdfast.cli;

import io.holdfast.api.LockNames;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Targets of requests, of words of the command line that are checked before anything is sent. */
final class Requests {

    private static final int PREFIX_CHARS_MAX = 512;

    private Requests() {}

    /** Path of a lock. */
    static String lock(String name) {
        String problem = LockNames.problem(name);
        if (problem != null) {
            throw CommandException.usage("'" + Words.plain(name) + "' is no name of a lock: " + problem);
        }
        return "/v1/locks/" + name;
    }

    /** Path of a grant. */
    static String grant(String id) {
        return "/v1/grants/" + id(id, "grant");
    }

    /** Path of a session. */
    static String session(String id) {
        return "/v1/sessions/" + id(id, "session");
    }

    /** The id of a grant or a session. */
    static String id(String id, String what) {
        String problem = LockNames.idProblem(id);
        if (problem != null) {
            throw CommandException.usage("'" + Words.plain(id) + "' is no id of a " + what + ": " + problem);
        }
        return id;
    }

    /** A value in a query. */
    static String query(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    /** The beginning of names, in a query. */
    static String prefix(String prefix) {
        if (prefix.length() > PREFIX_CHARS_MAX) {
            throw CommandException.usage("a prefix has " + PREFIX_CHARS_MAX + " characters at most");
        }
        return query(prefix);
    }
}
