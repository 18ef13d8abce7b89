package io.holdfast.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The commands of a page as a bash script that runs them in order. A comment that begins with a number is the exit code
 * of its command, or the HTTP status where that is {@code curl}; all others end with 0. After a command in the
 * background the script waits until a lock is held.
 */
final class ShellPage {

    private static final Pattern LINE = Pattern.compile("(?<command>.*?)(?:\\s+# (?<code>\\d{3})?.*)?");

    /** Writes what each call answered with behind the answer, where the script finds it. */
    private static final String CURL = "curl() { command curl -w '%{stderr}%{http_code}\\n' \"$@\" 2>status; }";

    private static final String FAIL = "{ echo \"line %d: $code instead of %d\"; exit 1; }";

    private ShellPage() {}

    /** Returns the commands between {@code ```sh} fences. */
    static List<String> commands(Path page) throws IOException {
        List<String> commands = new ArrayList<>();
        boolean inside = false;
        for (String line : Files.readAllLines(page)) {
            if (line.startsWith("```")) {
                inside = line.equals("```sh");
            } else if (inside) {
                commands.add(line);
            }
        }
        return commands;
    }

    /**
     * Returns the script.
     *
     * @param front the command that stands for {@code ./holdfast}
     */
    static String script(List<String> commands, String front) {
        StringBuilder script = new StringBuilder(CURL).append('\n');
        for (int i = 0; i < commands.size(); i++) {
            Matcher parts = LINE.matcher(commands.get(i));
            if (!parts.matches()) {
                throw new AssertionError("no command: " + commands.get(i));
            }
            String command = parts.group("command").replace("./holdfast", front);
            int code = parts.group("code") == null ? 0 : Integer.parseInt(parts.group("code"));
            script.append("echo '+'; ").append(command).append('\n');
            if (command.endsWith("&")) {
                script.append("until [ -n \"$(" + front + " locks -o name)\" ]; do sleep 0.2; done\n");
                continue;
            }
            boolean status = command.startsWith("curl ") && code > 0;
            script.append(status ? "code=$(tail -n 1 status)" : "code=$?").append('\n');
            script.append("[ \"$code\" = ").append(code).append(" ] || ");
            script.append(FAIL.formatted(i + 1, code)).append('\n');
        }
        return script.append("wait\n").toString();
    }
}
