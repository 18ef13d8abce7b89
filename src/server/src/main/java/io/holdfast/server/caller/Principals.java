package io.holdfast.server.caller;

/** What may be the name of a principal or a group: what logs and rules can show in one line. */
final class Principals {

    /** Longest name behind the prefix, in characters. */
    static final int MAX_NAME = 255;

    private Principals() {}

    /** Returns whether a text is 1 to {@value #MAX_NAME} printable characters of ASCII, without a blank at its ends. */
    static boolean isName(String text) {
        if (text.isEmpty() || text.length() > MAX_NAME) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~') {
                return false;
            }
        }
        return text.charAt(0) != ' ' && text.charAt(text.length() - 1) != ' ';
    }
}
