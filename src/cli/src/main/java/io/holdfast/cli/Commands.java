package io.holdfast.cli;

import io.holdfast.cli.keeper.ElectCommand;
import io.holdfast.cli.keeper.LockCommand;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import picocli.CommandLine;

/**
 * The tree of commands. A subcommand is made only when its name stands on the command line, since to read the
 * annotations of all of them takes longer than most requests; help and completion make all.
 */
final class Commands {

    private static final Map<String, Function<Invocation, Object>> TREE = new TreeMap<>();

    static {
        TREE.put("acl", invocation -> new AclCommand());
        TREE.put("break", BreakCommand::new);
        TREE.put("check", CheckCommand::new);
        TREE.put("cluster", ClusterCommand::new);
        TREE.put("completion", CompletionCommand::new);
        TREE.put("context", ContextCommand::new);
        TREE.put("elect", ElectCommand::new);
        TREE.put("grants", invocation -> new GrantsCommand());
        TREE.put("leader", LeaderCommand::new);
        TREE.put("lock", LockCommand::new);
        TREE.put("locks", LocksCommand::new);
        TREE.put("members", MembersCommand::new);
        TREE.put("sessions", SessionsCommand::new);
        TREE.put("transfer", TransferCommand::new);
        TREE.put("version", VersionCommand::new);
        TREE.put("watch", WatchCommand::new);
        TREE.put("whoami", WhoamiCommand::new);
        TREE.put("why", WhyCommand::new);
    }

    /** What the script does, with what that is. */
    private static final Map<String, String> SCRIPT = new TreeMap<>(Map.of(
            "up", "Start an ensemble on this machine.",
            "bench", "Measure an ensemble that it starts itself.",
            "backup", "Fetch a backup from a node.",
            "verify", "Say what is in a backup, if it is whole.",
            "restore", "Begin a new generation with a backup's state.",
            "recover", "Begin a new generation when a quorum is lost for ever."));

    private Commands() {}

    /**
     * The command line of an invocation with the subcommands that these words name, or with all when they name none.
     */
    static CommandLine of(Invocation invocation, Iterable<String> words) {
        CommandLine root = new CommandLine(new HoldfastCommand(invocation), factory(invocation));
        boolean named = false;
        for (String word : words) {
            Function<Invocation, Object> subcommand = TREE.get(word);
            if (subcommand != null && !root.getSubcommands().containsKey(word)) {
                root.addSubcommand(word, subcommand.apply(invocation));
                named = true;
            }
        }
        return named ? root : whole(invocation);
    }

    /** The command line with all subcommands. */
    static CommandLine whole(Invocation invocation) {
        CommandLine root = new CommandLine(new HoldfastCommand(invocation), factory(invocation));
        TREE.forEach((name, subcommand) -> root.addSubcommand(name, subcommand.apply(invocation)));
        SCRIPT.forEach((name, does) -> {
            CommandLine line = new CommandLine(new ScriptCommand(name));
            line.getCommandSpec().name(name).usageMessage().description(does);
            root.addSubcommand(name, line);
        });
        return root;
    }

    /** Makes subcommands of subcommands: with the invocation when they have a constructor for it. */
    private static CommandLine.IFactory factory(Invocation invocation) {
        CommandLine.IFactory usual = CommandLine.defaultFactory();
        return new CommandLine.IFactory() {
            @Override
            public <K> K create(Class<K> type) throws Exception {
                for (var constructor : type.getDeclaredConstructors()) {
                    Class<?>[] parameters = constructor.getParameterTypes();
                    if (parameters.length == 1 && parameters[0] == Invocation.class) {
                        constructor.setAccessible(true);
                        return type.cast(constructor.newInstance(invocation));
                    }
                }
                return usual.create(type);
            }
        };
    }
}
