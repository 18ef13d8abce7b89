package io.holdfast.zab.core;

import org.jspecify.annotations.Nullable;

/**
 * What a server tells the other members of itself; for people, clients and operators, no rule of the protocol rests on
 * it.
 *
 * @param clientUrl where clients reach it, at most {@link #CLIENT_URL_MAX} characters of printable ASCII; null when it
 *     does not say
 * @param release version of its software, at most {@link #RELEASE_MAX} characters of printable ASCII; null when it does
 *     not say
 */
public record MemberInfo(
        @Nullable String clientUrl, @Nullable String release) {

    /** Characters of a client URL at most. */
    public static final int CLIENT_URL_MAX = 300;

    /** Characters of a release at most. */
    public static final int RELEASE_MAX = 64;

    /** Of a server that says nothing, or on a link of an older version. */
    public static final MemberInfo NONE = new MemberInfo(null, null);

    /** Checks both texts. */
    public MemberInfo {
        check("client-url", clientUrl, CLIENT_URL_MAX);
        check("release", release, RELEASE_MAX);
    }

    private static void check(String name, @Nullable String text, int lengthMax) {
        if (text != null && (text.isEmpty() || text.length() > lengthMax || !isPrintable(text))) {
            throw new IllegalArgumentException(name + " must be 1 to " + lengthMax + " characters of printable ASCII");
        }
    }

    /** Every overview of the leader has some texts of each member, so this is no regular expression. */
    private static boolean isPrintable(String text) {
        return text.chars().allMatch(c -> c >= ' ' && c <= '~');
    }
}
