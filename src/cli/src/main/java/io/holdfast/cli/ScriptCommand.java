package io.holdfast.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/**
 * A command that the script {@code holdfast} runs before this program is reached: it is here for help and completion.
 */
@Command
final class ScriptCommand implements Callable<Integer> {

    private final String name;

    @Unmatched
    private List<String> words = new ArrayList<>();

    ScriptCommand(String name) {
        this.name = name;
    }

    @Override
    public Integer call() {
        throw CommandException.usage("'" + name + (words.isEmpty() ? "" : " …")
                + "' is run by the script holdfast, which stands before this program; run the script");
    }
}
