package io.holdfast.cli;

import io.holdfast.api.GrantBody;
import io.holdfast.client.spi.ApiAnswer;
import io.holdfast.client.spi.ApiRequest;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Single grants, which are tickets while they wait. */
@Command(
        name = "grants",
        description = "Show or release one grant.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {GrantsCommand.ShowCommand.class, GrantsCommand.ReleaseCommand.class})
final class GrantsCommand {

    /** {@code grants show}. */
    @Command(name = "show", description = "Show a grant: what it holds or waits for.")
    static final class ShowCommand implements Callable<Integer> {

        private final Answers answers;

        @Parameters(paramLabel = "ID", description = "Id of the grant")
        private String id = "";

        ShowCommand(Invocation invocation) {
            answers = new Answers(invocation);
        }

        @Override
        public Integer call() throws InterruptedException {
            ApiAnswer answer =
                    answers.to(ApiRequest.of("GET", Requests.grant(id)).expecting(GrantBody::read));
            if (answers.isJson()) {
                answers.document(answer);
            } else if (answers.isName()) {
                answers.line(answer.read(GrantBody::read).id());
            } else {
                answers.table(table(List.of(answer.read(GrantBody::read))));
            }
            return ExitCode.OK;
        }
    }

    /** {@code grants release}. */
    @Command(name = "release", description = "Release a grant, or take a ticket out of the queue.")
    static final class ReleaseCommand implements Callable<Integer> {

        private final Invocation invocation;

        @Parameters(paramLabel = "ID", description = "Id of the grant")
        private String id = "";

        @Option(names = "--token", paramLabel = "N", description = "Only if it has this fencing token")
        private @Nullable Long token;

        ReleaseCommand(Invocation invocation) {
            this.invocation = invocation;
        }

        @Override
        public Integer call() throws InterruptedException {
            ApiRequest request = ApiRequest.of("DELETE", Requests.grant(id));
            if (token != null) {
                request = request.header("If-Match", "\"" + token + "\"");
            }
            new Answers(invocation).to(request);
            invocation.note("grant " + id + " holds nothing and waits for nothing now");
            return ExitCode.OK;
        }
    }

    /** Grants, one a row. */
    static Table table(List<GrantBody> grants) {
        Table table = Table.of("GRANT", "LOCK", "MODE", "STATE", "TOKEN", "SESSION", "POSITION", "BEHIND", "WAITED")
                .numbers(4, 6, 8);
        for (GrantBody grant : grants) {
            table.row(
                    grant.id(),
                    locks(grant),
                    grant.mode(),
                    grant.state(),
                    grant.token(),
                    grant.session(),
                    grant.position(),
                    grant.behind(),
                    Words.time(grant.waitedMs()));
        }
        return table;
    }

    private static String locks(GrantBody grant) {
        List<GrantBody.HeldLock> several = grant.locks();
        if (several == null) {
            return grant.lock() == null ? "" : grant.lock();
        }
        return several.stream().map(GrantBody.HeldLock::name).collect(Collectors.joining(","));
    }
}
