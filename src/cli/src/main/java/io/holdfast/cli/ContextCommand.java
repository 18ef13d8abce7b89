package io.holdfast.cli;

import io.holdfast.api.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The user's contexts. */
@Command(
        name = "context",
        description = "List, choose, set and delete contexts: the settings of an ensemble under a name.",
        footer = {"", "They are in holdfast/config.properties in XDG_CONFIG_HOME, or in .config of the home directory."
        },
        subcommands = {
            ContextCommand.ListCommand.class,
            ContextCommand.UseCommand.class,
            ContextCommand.SetCommand.class,
            ContextCommand.DeleteCommand.class
        })
final class ContextCommand implements Callable<Integer> {

    private final Invocation invocation;

    ContextCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        return list(invocation);
    }

    private static int list(Invocation invocation) {
        Contexts contexts = Contexts.read(invocation.shell());
        Answers answers = new Answers(invocation);
        switch (invocation.options().form()) {
            case JSON -> answers.line(json(contexts));
            case NAME -> contexts.all().keySet().forEach(answers::line);
            case TABLE -> {
                Table table = Table.of("CONTEXT", "CURRENT", "ENDPOINTS");
                contexts.all()
                        .forEach((name, values) ->
                                table.row(name, name.equals(contexts.current()) ? "yes" : "", values.get("endpoints")));
                answers.table(table);
            }
        }
        return ExitCode.OK;
    }

    private static String json(Contexts contexts) {
        Json.Writable all = out -> {
            out.begin();
            contexts.all()
                    .forEach((name, values) -> out.field(name, (Json.Writable) of -> {
                        of.begin();
                        values.forEach(of::field);
                        of.end();
                    }));
            out.end();
        };
        Json.Writable document = out -> out.begin()
                .field("current", contexts.current().isEmpty() ? null : contexts.current())
                .field("contexts", all)
                .end();
        return new String(Json.write(document), StandardCharsets.UTF_8);
    }

    /** {@code context list}. */
    @Command(name = "list", description = "List the contexts.")
    static final class ListCommand implements Callable<Integer> {

        private final Invocation invocation;

        ListCommand(Invocation invocation) {
            this.invocation = invocation;
        }

        @Override
        public Integer call() {
            return list(invocation);
        }
    }

    /** {@code context use}. */
    @Command(name = "use", description = "Have the settings of a context count from now on.")
    static final class UseCommand implements Callable<Integer> {

        private final Invocation invocation;

        @Parameters(paramLabel = "NAME", description = "Name of the context")
        private String name = "";

        UseCommand(Invocation invocation) {
            this.invocation = invocation;
        }

        @Override
        public Integer call() {
            Contexts contexts = Contexts.read(invocation.shell());
            contexts.use(name);
            contexts.write();
            invocation.note("the context is " + name + " now");
            return ExitCode.OK;
        }
    }

    /** {@code context set}. */
    @Command(
            name = "set",
            description = "Make a context of the options -e, --auth-file, --ca-file, --cert-file, --key-file and"
                    + " --timeout, or change these in one. It is used from now on when no other is.")
    static final class SetCommand implements Callable<Integer> {

        private final Invocation invocation;

        @Parameters(paramLabel = "NAME", description = "Name of the context")
        private String name = "";

        SetCommand(Invocation invocation) {
            this.invocation = invocation;
        }

        @Override
        public Integer call() {
            GlobalOptions options = invocation.options();
            Map<String, String> values = new TreeMap<>();
            options.endpoints.forEach(endpoint -> Settings.endpoint(endpoint, "-e"));
            if (!options.endpoints.isEmpty()) {
                values.put("endpoints", String.join(",", options.endpoints));
            }
            put(values, "auth-file", file("--auth-file", options.authFile));
            put(values, "ca-file", file("--ca-file", options.caFile));
            put(values, "cert-file", file("--cert-file", options.certFile));
            put(values, "key-file", file("--key-file", options.keyFile));
            put(values, "timeout", options.timeout);
            if (values.isEmpty()) {
                throw CommandException.usage("there is nothing to set; give -e URL,… or another setting");
            }
            if (options.timeout != null) {
                Settings.timeout("--timeout", options.timeout);
            }
            Contexts contexts = Contexts.read(invocation.shell());
            contexts.set(name, values);
            if (!contexts.get(name).containsKey("endpoints")) {
                throw CommandException.usage("the context " + name + " has no endpoints; give -e URL,…");
            }
            if (contexts.current().isEmpty()) {
                contexts.use(name);
            }
            contexts.write();
            invocation.note("context " + name + " is set" + (contexts.current().equals(name) ? " and in use" : ""));
            return ExitCode.OK;
        }

        private static void put(Map<String, String> values, String key, @Nullable String value) {
            if (value != null) {
                values.put(key, value);
            }
        }

        /** A file is meant from wherever the command is run later. */
        private static @Nullable String file(String name, @Nullable String file) {
            if ("-".equals(file)) {
                throw CommandException.usage(name + " of a context is a file; standard input is there only once");
            }
            return file == null
                    ? null
                    : Path.of(file).toAbsolutePath().normalize().toString();
        }
    }

    /** {@code context delete}. */
    @Command(name = "delete", description = "Forget a context.")
    static final class DeleteCommand implements Callable<Integer> {

        private final Invocation invocation;

        @Parameters(paramLabel = "NAME", description = "Name of the context")
        private String name = "";

        DeleteCommand(Invocation invocation) {
            this.invocation = invocation;
        }

        @Override
        public Integer call() {
            Contexts contexts = Contexts.read(invocation.shell());
            contexts.delete(name);
            contexts.write();
            invocation.note("context " + name + " is deleted");
            return ExitCode.OK;
        }
    }
}
