package io.holdfast.server.rest;

import java.util.regex.Pattern;

/**
 * Judges how the path of a request is written. Each path has one spelling: whatever another one would mean is decided
 * here, before routing, so that no part of the server reads another path than the gate did.
 */
final class CanonicalPath {

    /** What a client is told whose path has another spelling. */
    static final String RULE = "must be written in its normal form: no empty segment, no segment that is . or .., no ;"
            + " or \\, and nothing percent-encoded that need not be";

    private static final Pattern DOT_SEGMENT = Pattern.compile("(?i)/(\\.|%2e){1,2}(/|$)");

    private CanonicalPath() {}

    /**
     * Returns whether a path is spelt as it is routed.
     *
     * @param raw as it was sent, with valid escapes only
     * @param normalized the same without dot segments, empty segments and needless escapes
     */
    static boolean isCanonical(String raw, String normalized) {
        return raw.equals(normalized)
                && raw.indexOf(';') < 0
                && raw.indexOf('\\') < 0
                && !raw.contains("//")
                && !hasDotSegment(raw);
    }

    private static boolean hasDotSegment(String raw) {
        // Most paths have neither, and a search by an expression takes longer than both.
        return (raw.contains("/.") || raw.contains("/%"))
                && DOT_SEGMENT.matcher(raw).find();
    }
}
