package io.holdfast.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** What completes the words of a command line in a shell; asks no server. */
@Command(
        name = "completion",
        description = "Print a script that completes command lines: source <(holdfast completion bash)")
final class CompletionCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Parameters(paramLabel = "SHELL", description = "bash or zsh")
    private String shell = "";

    CompletionCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        // One script serves both: in zsh it loads the emulation of bash's completion.
        if (!List.of("bash", "zsh").contains(shell)) {
            throw CommandException.usage("there is no completion for '" + Words.plain(shell) + "'; give bash or zsh");
        }
        invocation.shell().out().print(AutoComplete.bash("holdfast", Commands.whole(invocation)));
        return ExitCode.OK;
    }
}
