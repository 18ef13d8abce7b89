package io.holdfast.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** One command line, run in this process, with what it printed. */
public final class Run {

    private final Path home;
    private final Map<String, String> environment = new TreeMap<>();
    private Shell.Terminal terminal = Shell.Terminal.NONE;
    private String input = "";
    private String out = "";
    private String err = "";
    private int code = -1;

    /** One by a user with that home directory. */
    public Run(Path home) {
        this.home = home;
        // The machine may be slow; what a command does with its time is not the subject of most tests.
        environment.put("HOLDFAST_TIMEOUT", "60s");
    }

    /** Sets a variable. */
    public Run with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** Types something, on a terminal. */
    public Run typing(String text) {
        terminal = new Shell.Terminal(true, terminal.out(), true);
        input = text;
        return this;
    }

    /** Gives standard input that is no terminal. */
    public Run reading(String text) {
        input = text;
        return this;
    }

    /** Shows the answer on a terminal. */
    public Run onTerminal() {
        terminal = new Shell.Terminal(terminal.in(), true, true);
        return this;
    }

    /** Runs the words. */
    public Run words(String... words) {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        Shell shell = new Shell(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(answer, true, StandardCharsets.UTF_8),
                new PrintStream(rest, true, StandardCharsets.UTF_8),
                environment,
                home,
                terminal);
        code = Main.run(shell, words);
        out = answer.toString(StandardCharsets.UTF_8);
        err = rest.toString(StandardCharsets.UTF_8);
        return this;
    }

    /** Runs a line whose words have no spaces in them. */
    public Run line(String line) {
        return words(line.split(" "));
    }

    /** The exit code. */
    public int code() {
        return code;
    }

    /** What stands on standard output. */
    public String out() {
        return out;
    }

    /** What stands on standard error. */
    public String err() {
        return err;
    }

    @Override
    public String toString() {
        return "exit code " + code + "\n--- standard output\n" + out + "--- standard error\n" + err;
    }
}
