package io.holdfast.cli;

import io.holdfast.client.AccessException;
import io.holdfast.client.HoldfastException;
import io.holdfast.client.UnavailableException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Runs one command line: reads it, runs its subcommand, and makes one line and an exit code of what goes wrong. */
public final class Main {

    private final Invocation invocation;

    private Main(Invocation invocation) {
        this.invocation = invocation;
    }

    /** Ends the process with the exit code. */
    public static void main(String[] args) {
        Shell shell = Shell.ofProcess();
        int code = run(shell, args);
        shell.out().flush();
        shell.err().flush();
        System.exit(code);
    }

    /** Runs a command line and returns its exit code. */
    public static int run(Shell shell, String... args) {
        try (Invocation invocation = new Invocation(shell)) {
            return new Main(invocation).execute(args);
        }
    }

    private int execute(String... args) {
        CommandLine line = Commands.of(invocation, List.of(args));
        Shell shell = invocation.shell();
        line.setOut(new PrintWriter(shell.out(), true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(shell.err(), true, StandardCharsets.UTF_8));
        line.setColorScheme(CommandLine.Help.defaultColorScheme(shell.colours() ? Ansi.ON : Ansi.OFF));
        line.setExpandAtFiles(false);
        line.setInterpolateVariables(false);
        line.setTrimQuotes(false);
        line.setUsageHelpAutoWidth(false);
        line.setUsageHelpWidth(100);
        line.setParameterExceptionHandler((failure, words) -> usage(failure));
        line.setExecutionExceptionHandler((failure, command, parsed) -> failed(failure));
        int code = line.execute(args);
        if (shell.out().checkError()) {
            shell.err().println("holdfast: the answer could not be written: standard output is full or closed");
            return code == ExitCode.OK ? ExitCode.FAILED : code;
        }
        return code;
    }

    private int usage(ParameterException failure) {
        String command = failure.getCommandLine().getCommandSpec().qualifiedName();
        String words = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
        return end(wrong(failure.getCommandLine().getCommandSpec()), words + "; see " + command + " --help", failure);
    }

    /**
     * What a subcommand ends with when its command line is wrong: some must not be taken for the command that they run.
     */
    private static int wrong(CommandSpec spec) {
        return spec.exitCodeOnInvalidInput() == CommandLine.ExitCode.USAGE
                ? ExitCode.USAGE
                : spec.exitCodeOnInvalidInput();
    }

    private int failed(Exception failure) {
        if (failure instanceof CommandException known) {
            return end(known.exitCode(), known.getMessage(), known);
        }
        if (failure instanceof UnavailableException none) {
            int code = none.outcomeUnknown() ? ExitCode.UNKNOWN : ExitCode.UNAVAILABLE;
            return end(code, none.getMessage(), none);
        }
        if (failure instanceof HoldfastException refused) {
            int code = refused instanceof AccessException ? ExitCode.NOT_PERMITTED : ExitCode.REFUSED;
            return end(code, refused.getMessage(), refused);
        }
        if (failure instanceof InterruptedException) {
            return end(ExitCode.FAILED, "interrupted", failure);
        }
        return end(ExitCode.FAILED, "a defect of this command: " + failure + "; -v shows where", failure);
    }

    private int end(int code, @Nullable String line, Throwable failure) {
        invocation.shell().err().println("holdfast: " + String.valueOf(line).replace('\n', ' '));
        if (invocation.options().verbose()) {
            failure.printStackTrace(invocation.shell().err());
        }
        return code;
    }
}
