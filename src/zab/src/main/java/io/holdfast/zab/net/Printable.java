package io.holdfast.zab.net;

/** Makes text from another process safe for a line of the log: no line breaks, no escape sequences, not too long. */
final class Printable {

    /** Longer text ends here, with an ellipsis. */
    static final int CHARACTERS_MAX = 160;

    private Printable() {}

    /** Returns the text with what is not printable ASCII as {@code \\uXXXX}. */
    static String of(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length() && out.length() < CHARACTERS_MAX; i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c < 0x7f && c != '\\') {
                out.append(c);
            } else {
                out.append(String.format("\\u%04x", (int) c));
            }
        }
        if (out.length() < CHARACTERS_MAX) {
            return out.toString();
        }
        out.setLength(CHARACTERS_MAX);
        return out.append("...").toString();
    }
}
