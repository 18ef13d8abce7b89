package io.holdfast.client.internal;

import java.util.Set;

/** Paths of the API without what varies in them, so that they are few. Any thread. */
final class Routes {

    private static final Set<String> ABOUT_A_LOCK = Set.of("why", "check", "break");
    private static final Set<String> ABOUT_A_GRANT = Set.of("transfer");
    private static final Set<String> ABOUT_A_SESSION = Set.of("attach", "keepalive");
    private static final String LOCKS = "/v1/locks/";
    private static final String GRANTS = "/v1/grants/";
    private static final String SESSIONS = "/v1/sessions/";
    private static final String MEMBERS = "/v1/cluster/members/";

    private Routes() {}

    /** The route of a request. */
    static String of(String target) {
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        if (path.startsWith(LOCKS)) {
            int action = path.indexOf("/-/");
            String what = action < 0 ? "" : path.substring(action + 3);
            return LOCKS + "{name}" + (ABOUT_A_LOCK.contains(what) ? "/-/" + what : "");
        }
        if (path.equals(SESSIONS + "-/keepalive")) {
            return path;
        }
        if (path.startsWith(GRANTS)) {
            return withId(GRANTS, path, ABOUT_A_GRANT);
        }
        if (path.startsWith(SESSIONS)) {
            return withId(SESSIONS, path, ABOUT_A_SESSION);
        }
        return path.startsWith(MEMBERS) ? MEMBERS + "{id}" : path;
    }

    private static String withId(String prefix, String path, Set<String> actions) {
        int slash = path.indexOf('/', prefix.length());
        String what = slash < 0 ? "" : path.substring(slash + 1);
        return prefix + "{id}" + (actions.contains(what) ? "/" + what : "");
    }
}
