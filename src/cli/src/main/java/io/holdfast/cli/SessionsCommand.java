package io.holdfast.cli;

import io.holdfast.api.SessionBody;
import io.holdfast.api.SessionPage;
import io.holdfast.client.spi.ApiAnswer;
import io.holdfast.client.spi.ApiRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sessions of clients. */
@Command(
        name = "sessions",
        description = "List the sessions of clients, show one, or end one.",
        subcommands = {
            SessionsCommand.ListCommand.class,
            SessionsCommand.ShowCommand.class,
            SessionsCommand.EndCommand.class
        })
final class SessionsCommand implements Callable<Integer> {

    private static final int PAGE = 500;

    private final Answers answers;

    SessionsCommand(Invocation invocation) {
        answers = new Answers(invocation);
    }

    @Override
    public Integer call() throws InterruptedException {
        return list(answers, "");
    }

    private static int list(Answers answers, String prefix) throws InterruptedException {
        Table table = Table.of("NAME", "SESSION", "TTL", "TTL LEFT").numbers(2, 3);
        String after = "";
        do {
            String target = "/v1/sessions?prefix=" + Requests.prefix(prefix) + "&limit=" + PAGE
                    + (after.isEmpty() ? "" : "&after=" + Requests.query(after));
            ApiAnswer answer = answers.to(ApiRequest.of("GET", target).expecting(SessionPage::read));
            SessionPage page = answer.read(SessionPage::read);
            if (answers.isJson()) {
                answers.document(answer);
            }
            for (SessionBody session : page.sessions()) {
                if (answers.isName()) {
                    answers.line(session.id());
                }
                table.row(session.name(), session.id(), Words.time(session.ttlMs()), Words.time(session.ttlLeftMs()));
            }
            after = LocksCommand.following(page.next(), after);
        } while (!after.isEmpty());
        if (!answers.isJson() && !answers.isName()) {
            answers.table(table);
        }
        return ExitCode.OK;
    }

    /** {@code sessions list}. */
    @Command(name = "list", description = "List the sessions whose names begin with PREFIX.")
    static final class ListCommand implements Callable<Integer> {

        private final Answers answers;

        @Parameters(arity = "0..1", paramLabel = "PREFIX", description = "Beginning of their names")
        private String prefix = "";

        ListCommand(Invocation invocation) {
            answers = new Answers(invocation);
        }

        @Override
        public Integer call() throws InterruptedException {
            return list(answers, prefix);
        }
    }

    /** {@code sessions show}. */
    @Command(name = "show", description = "Show one session with what it holds and waits for.")
    static final class ShowCommand implements Callable<Integer> {

        private final Answers answers;

        @Parameters(paramLabel = "ID", description = "Id of the session")
        private String id = "";

        ShowCommand(Invocation invocation) {
            answers = new Answers(invocation);
        }

        @Override
        public Integer call() throws InterruptedException {
            ApiAnswer answer =
                    answers.to(ApiRequest.of("GET", Requests.session(id)).expecting(SessionBody::read));
            SessionBody session = answer.read(SessionBody::read);
            if (answers.isJson()) {
                answers.document(answer);
            } else if (answers.isName()) {
                answers.line(session.id());
            } else {
                String left = session.ttlLeftMs() == null ? "" : ", " + Words.time(session.ttlLeftMs()) + " left";
                answers.line(Words.session(session.name(), session.id()) + ": session " + session.id() + ", ttl "
                        + Words.time(session.ttlMs()) + left);
                if (session.grants() != null && !session.grants().isEmpty()) {
                    answers.line("");
                    answers.table(GrantsCommand.table(session.grants()));
                }
            }
            return ExitCode.OK;
        }
    }

    /** {@code sessions end}. */
    @Command(
            name = "end",
            description =
                    "End a session: all that it holds is released, all that waits is withdrawn. Asks on a terminal.")
    static final class EndCommand implements Callable<Integer> {

        private final Invocation invocation;

        @Parameters(paramLabel = "ID", description = "Id of the session")
        private String id = "";

        @Option(names = "--yes", description = "Do not ask")
        private boolean yes;

        EndCommand(Invocation invocation) {
            this.invocation = invocation;
        }

        @Override
        public Integer call() throws InterruptedException {
            String target = Requests.session(id);
            Question.confirm(
                    invocation,
                    yes,
                    "End session " + id + "? Its client loses all its locks and may still be at work.");
            // It is not its own client that ends it: its locks stay closed for their delay.
            new Answers(invocation).to(ApiRequest.of("DELETE", target + "?force=true"));
            invocation.note("session " + id + " is over");
            return ExitCode.OK;
        }
    }
}
