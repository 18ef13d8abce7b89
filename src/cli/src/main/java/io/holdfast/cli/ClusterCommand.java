package io.holdfast.cli;

import io.holdfast.api.ClusterBody;
import io.holdfast.api.Snapshot;
import io.holdfast.api.Successor;
import io.holdfast.client.spi.ApiAnswer;
import io.holdfast.client.spi.ApiRequest;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The ensemble. */
@Command(
        name = "cluster",
        description = "Show the ensemble, have another member lead, or have a snapshot made.",
        subcommands = {
            ClusterCommand.StatusCommand.class,
            ClusterCommand.LeaderCommand.class,
            ClusterCommand.SnapshotCommand.class
        })
final class ClusterCommand implements Callable<Integer> {

    private static final String PATH = "/v1/cluster";

    private final Answers answers;

    ClusterCommand(Invocation invocation) {
        answers = new Answers(invocation);
    }

    @Override
    public Integer call() throws InterruptedException {
        return status(answers);
    }

    private static int status(Answers answers) throws InterruptedException {
        ApiAnswer answer = answers.to(ApiRequest.of("GET", PATH).expecting(ClusterBody::read));
        print(answers, answer);
        return ExitCode.OK;
    }

    private static void print(Answers answers, ApiAnswer answer) {
        ClusterBody cluster = answer.read(ClusterBody::read);
        if (answers.isJson()) {
            answers.document(answer);
        } else if (answers.isName()) {
            cluster.members().forEach(member -> answers.line(Integer.toString(member.id())));
        } else {
            String leader = cluster.leader() == null ? "no leader" : "node " + cluster.leader() + " leads";
            answers.line(cluster.clusterId() + ": " + leader + ", epoch " + cluster.epoch() + ", configuration "
                    + cluster.configurationVersion() + ", level " + cluster.level() + "; as node " + cluster.node()
                    + " knows it" + (cluster.member() ? "" : ", which is no member"));
            answers.line("");
            answers.table(members(cluster));
            if (cluster.pending() != null || !cluster.settled()) {
                answers.line("");
                answers.line("A change of the members is under way; keep all members running.");
            }
            for (ClusterBody.Alarm alarm : cluster.alarms()) {
                answers.line("");
                answers.line("ALARM " + alarm.alarm() + ": " + alarm.says());
            }
        }
    }

    /** Members, one a row. */
    static Table members(ClusterBody cluster) {
        Table table = Table.of("NODE", "ROLE", "STATE", "PHASE", "LAG", "APPLIED", "PEERS", "CLIENTS")
                .numbers(0, 4);
        for (ClusterBody.Member member : cluster.members()) {
            table.row(
                    member.id(),
                    member.role(),
                    member.state(),
                    member.phase(),
                    member.lag(),
                    member.applied(),
                    member.address(),
                    member.http());
        }
        return table;
    }

    /** {@code cluster status}. */
    @Command(name = "status", description = "Show the members, the leader and what is the matter.")
    static final class StatusCommand implements Callable<Integer> {

        private final Answers answers;

        StatusCommand(Invocation invocation) {
            answers = new Answers(invocation);
        }

        @Override
        public Integer call() throws InterruptedException {
            return status(answers);
        }
    }

    /** {@code cluster leader}. */
    @Command(name = "leader", description = "Say which node leads, or have another one lead; no request fails by that.")
    static final class LeaderCommand implements Callable<Integer> {

        private final Answers answers;

        @Option(
                names = "--to",
                paramLabel = "NODE",
                description = "Id of the voter that shall lead; best has the leader choose")
        private @Nullable String to;

        LeaderCommand(Invocation invocation) {
            answers = new Answers(invocation);
        }

        @Override
        public Integer call() throws InterruptedException {
            ApiRequest request = to == null
                    ? ApiRequest.of("GET", PATH)
                    : ApiRequest.of("POST", PATH + "/leader")
                            .body(new Successor(to.equals("best") ? null : MembersCommand.node("--to", to)))
                            .held(Answers.CHANGE);
            ApiAnswer answer = answers.to(request.expecting(ClusterBody::read));
            Integer leader = answer.read(ClusterBody::read).leader();
            if (answers.isJson()) {
                answers.document(answer);
            }
            if (leader == null) {
                throw CommandException.refused("there is no leader; holdfast cluster shows the members");
            }
            if (!answers.isJson()) {
                answers.line(Integer.toString(leader));
            }
            return ExitCode.OK;
        }
    }

    /** {@code cluster snapshot}. */
    @Command(name = "snapshot", description = "Have the node that answers make a snapshot now.")
    static final class SnapshotCommand implements Callable<Integer> {

        private final Answers answers;

        SnapshotCommand(Invocation invocation) {
            answers = new Answers(invocation);
        }

        @Override
        public Integer call() throws InterruptedException {
            ApiAnswer answer = answers.to(ApiRequest.of("POST", PATH + "/snapshots")
                    .held(Answers.CHANGE)
                    .expecting(Snapshot::read));
            if (answers.isJson()) {
                answers.document(answer);
            } else {
                Snapshot snapshot = answer.read(Snapshot::read);
                answers.line("snapshot of revision " + snapshot.revision() + ", " + snapshot.bytes() + " bytes, at "
                        + answer.node());
            }
            return ExitCode.OK;
        }
    }
}
