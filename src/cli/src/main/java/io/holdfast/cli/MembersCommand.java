package io.holdfast.cli;

import io.holdfast.api.ClusterBody;
import io.holdfast.api.MemberPatch;
import io.holdfast.api.MembersChange;
import io.holdfast.api.NewMember;
import io.holdfast.client.spi.ApiAnswer;
import io.holdfast.client.spi.ApiRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Members of the ensemble, and one change of them at a time. */
@Command(
        name = "members",
        description = "List the members of the ensemble, or change them one at a time.",
        footer = {"", "What is so already changes nothing, so every change may be sent again."},
        subcommands = {
            MembersCommand.ListCommand.class,
            MembersCommand.AddCommand.class,
            MembersCommand.PromoteCommand.class,
            MembersCommand.DemoteCommand.class,
            MembersCommand.MoveCommand.class,
            MembersCommand.RemoveCommand.class
        })
final class MembersCommand implements Callable<Integer> {

    private static final String PATH = "/v1/cluster/members";
    private static final int NODE_MAX = 65535;

    private final Answers answers;

    MembersCommand(Invocation invocation) {
        answers = new Answers(invocation);
    }

    @Override
    public Integer call() throws InterruptedException {
        return list(answers);
    }

    private static int list(Answers answers) throws InterruptedException {
        ApiAnswer answer = answers.to(ApiRequest.of("GET", "/v1/cluster").expecting(ClusterBody::read));
        ClusterBody cluster = answer.read(ClusterBody::read);
        if (answers.isJson()) {
            answers.document(answer);
        } else if (answers.isName()) {
            cluster.members().forEach(member -> answers.line(Integer.toString(member.id())));
        } else {
            answers.table(ClusterCommand.members(cluster));
        }
        return ExitCode.OK;
    }

    /** The id of a node. */
    static int node(String name, String text) {
        if (text.matches("[0-9]{1,5}")) {
            int id = Integer.parseInt(text);
            if (id >= 1 && id <= NODE_MAX) {
                return id;
            }
        }
        throw CommandException.usage(name + " is '" + Words.plain(text) + "'; a node has an id from 1 to " + NODE_MAX);
    }

    private static String address(String text) {
        if (!text.matches("\\S{1,255}:[0-9]{1,5}")) {
            throw CommandException.usage(
                    "'" + Words.plain(text) + "' is no address; give HOST:PORT of the node's peer port");
        }
        return text;
    }

    /** Conditions of a change. */
    static final class Terms {

        @Option(names = "--dry-run", description = "Say what would happen, and change nothing")
        private boolean dryRun;

        @Option(names = "--if-version", paramLabel = "N", description = "Only if the configuration has this version")
        private @Nullable Long ifVersion;

        private String query() {
            List<String> terms = new ArrayList<>();
            if (dryRun) {
                terms.add("dryRun=true");
            }
            if (ifVersion != null) {
                terms.add("ifVersion=" + ifVersion);
            }
            return terms.isEmpty() ? "" : "?" + String.join("&", terms);
        }
    }

    private static int change(Answers answers, ApiRequest request) throws InterruptedException {
        ApiAnswer answer = answers.to(request.held(Answers.CHANGE).expecting(MembersChange::read));
        if (answers.isJson()) {
            answers.document(answer);
            return ExitCode.OK;
        }
        MembersChange change = answer.read(MembersChange::read);
        ClusterBody.Configuration configuration = change.configuration();
        if (answers.isName()) {
            configuration.members().forEach(member -> answers.line(Integer.toString(member.id())));
            return ExitCode.OK;
        }
        String did = change.dryRun()
                ? (change.changed() ? "would change" : "would change nothing")
                : (change.changed() ? "changed" : "was so already");
        answers.line(did + ": configuration " + configuration.version() + " with " + configuration.voters()
                + " voters, quorum " + configuration.quorum());
        if (!change.settled()) {
            answers.line("not settled yet: keep a removed node running until holdfast cluster says so");
        }
        if (change.handsOver()) {
            answers.line("the leader " + (change.dryRun() ? "would hand over" : "handed over") + " first");
        }
        change.warnings().forEach(warning -> answers.line("warning: " + warning));
        answers.line("");
        Table table = Table.of("NODE", "ROLE", "PEERS").numbers(0);
        configuration.members().forEach(member -> table.row(member.id(), member.role(), member.address()));
        answers.table(table);
        return ExitCode.OK;
    }

    /** {@code members list}. */
    @Command(name = "list", description = "List the members with their roles and how far they are.")
    static final class ListCommand implements Callable<Integer> {

        private final Answers answers;

        ListCommand(Invocation invocation) {
            answers = new Answers(invocation);
        }

        @Override
        public Integer call() throws InterruptedException {
            return list(answers);
        }
    }

    /** {@code members add}. */
    @Command(name = "add", description = "Add a node as an observer; give it a vote with promote once it follows.")
    static final class AddCommand implements Callable<Integer> {

        private final Answers answers;

        @Parameters(index = "0", paramLabel = "NODE", description = "Id that no node of this ensemble ever had")
        private String id = "";

        @Parameters(index = "1", paramLabel = "HOST:PORT", description = "Where the others find its peer port")
        private String address = "";

        @Mixin
        private final Terms terms = new Terms();

        AddCommand(Invocation invocation) {
            answers = new Answers(invocation);
        }

        @Override
        public Integer call() throws InterruptedException {
            return change(
                    answers,
                    ApiRequest.of("POST", PATH + terms.query())
                            .body(new NewMember(node("NODE", id), address(address), "observer")));
        }
    }

    /** {@code members promote}. */
    @Command(name = "promote", description = "Give an observer that follows the leader a vote.")
    static final class PromoteCommand implements Callable<Integer> {

        private final Answers answers;

        @Parameters(paramLabel = "NODE", description = "Its id")
        private String id = "";

        @Mixin
        private final Terms terms = new Terms();

        PromoteCommand(Invocation invocation) {
            answers = new Answers(invocation);
        }

        @Override
        public Integer call() throws InterruptedException {
            return change(answers, patch(id, new MemberPatch("voter", null), terms));
        }
    }

    /** {@code members demote}. */
    @Command(name = "demote", description = "Take a member's vote; it goes on as an observer.")
    static final class DemoteCommand implements Callable<Integer> {

        private final Answers answers;

        @Parameters(paramLabel = "NODE", description = "Its id")
        private String id = "";

        @Mixin
        private final Terms terms = new Terms();

        DemoteCommand(Invocation invocation) {
            answers = new Answers(invocation);
        }

        @Override
        public Integer call() throws InterruptedException {
            return change(answers, patch(id, new MemberPatch("observer", null), terms));
        }
    }

    /** {@code members move}. */
    @Command(name = "move", description = "Say where a member's peer port is now.")
    static final class MoveCommand implements Callable<Integer> {

        private final Answers answers;

        @Parameters(index = "0", paramLabel = "NODE", description = "Its id")
        private String id = "";

        @Parameters(index = "1", paramLabel = "HOST:PORT", description = "Where the others find its peer port")
        private String address = "";

        @Mixin
        private final Terms terms = new Terms();

        MoveCommand(Invocation invocation) {
            answers = new Answers(invocation);
        }

        @Override
        public Integer call() throws InterruptedException {
            return change(answers, patch(id, new MemberPatch(null, address(address)), terms));
        }
    }

    private static ApiRequest patch(String id, MemberPatch patch, Terms terms) {
        return ApiRequest.of("PATCH", PATH + "/" + node("NODE", id) + terms.query())
                .body(patch);
    }

    /** {@code members remove}. */
    @Command(
            name = "remove",
            description = "Remove a member for good; one that leads hands over first. Asks on a terminal.")
    static final class RemoveCommand implements Callable<Integer> {

        private final Invocation invocation;

        @Parameters(paramLabel = "NODE", description = "Its id")
        private String id = "";

        @Mixin
        private final Terms terms = new Terms();

        @Option(names = "--yes", description = "Do not ask")
        private boolean yes;

        RemoveCommand(Invocation invocation) {
            this.invocation = invocation;
        }

        @Override
        public Integer call() throws InterruptedException {
            int node = node("NODE", id);
            Question.confirm(
                    invocation, yes || terms.dryRun, "Remove node " + node + "? Its id is not for another node.");
            return change(new Answers(invocation), ApiRequest.of("DELETE", PATH + "/" + node + terms.query()));
        }
    }
}
