package io.holdfast.cli;

import java.io.IOException;
import java.io.InputStream;

/** A question before something that hurts. */
final class Question {

    private static final int CHARS_MAX = 100;

    private Question() {}

    /**
     * Asks on a terminal and returns when the answer is yes. Without a terminal {@code --yes} must be given.
     *
     * @throws CommandException when the answer is another, or cannot be asked for
     */
    static void confirm(Invocation invocation, boolean yes, String question) {
        if (yes) {
            return;
        }
        if (!invocation.shell().terminal().in()
                || !invocation.shell().terminal().err()) {
            throw CommandException.usage("there is no terminal to ask on; give --yes to do it without a question");
        }
        invocation.shell().err().print(question + " [y/N] ");
        invocation.shell().err().flush();
        String answer = line(invocation.shell().in()).strip();
        if (!answer.equalsIgnoreCase("y") && !answer.equalsIgnoreCase("yes")) {
            throw CommandException.refused("nothing was done");
        }
    }

    private static String line(InputStream in) {
        StringBuilder line = new StringBuilder();
        try {
            for (int c = in.read(); c >= 0 && c != '\n' && line.length() < CHARS_MAX; c = in.read()) {
                line.append((char) c);
            }
        } catch (IOException e) {
            return "";
        }
        return line.toString();
    }
}
