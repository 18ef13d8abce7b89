package io.holdfast.server.edge;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The trace that a request belongs to, as its {@code traceparent} says (W3C Trace Context): for log lines, so that they
 * are found from the trace of a client. Nothing is measured or sent, and a header that is not well-formed counts as
 * absent, so that no line ever has a text of a client's making.
 */
public final class TraceParent {

    private static final String HEADER = "traceparent";

    /** Version, trace id, parent id and flags, which every version has; later versions may append to them. */
    private static final Pattern PARTS =
            Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

    private static final String FIRST_VERSION = "00-";
    private static final int CHARS = 55;

    private TraceParent() {}

    /** Returns {@code " traceparent=…"} for the end of a log line; empty for a request without one. */
    public static String suffix(HttpServerRequest request) {
        return suffix(request.headers());
    }

    static String suffix(MultiMap headers) {
        String parts = of(headers);
        return parts.isEmpty() ? "" : " " + HEADER + "=" + parts;
    }

    /** Returns the well-formed part of the header; empty for none. */
    public static String of(MultiMap headers) {
        List<String> given = headers.getAll(HEADER);
        String parts = given.size() == 1 ? parts(given.get(0)) : "";
        return PARTS.matcher(parts).matches() ? parts : "";
    }

    private static String parts(String text) {
        boolean more = text.length() > CHARS && text.charAt(CHARS) == '-' && !text.startsWith(FIRST_VERSION);
        return more ? text.substring(0, CHARS) : text;
    }
}
