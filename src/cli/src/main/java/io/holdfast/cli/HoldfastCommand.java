package io.holdfast.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The root of the tree: says what there is. */
@Command(
        name = "holdfast",
        description = "Locks of a Holdfast ensemble: what is held, what waits, and what to do about it.",
        subcommandsRepeatable = false)
final class HoldfastCommand implements Callable<Integer> {

    @Mixin
    GlobalOptions options;

    @Spec
    private CommandSpec spec;

    private final Invocation invocation;

    @SuppressWarnings("NullAway.Init")
    HoldfastCommand(Invocation invocation) {
        this.invocation = invocation;
        this.options = invocation.options();
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(invocation.shell().out());
        return ExitCode.OK;
    }
}
