package io.holdfast.cli;

import io.holdfast.api.LockBody;
import io.holdfast.client.spi.ApiAnswer;
import io.holdfast.client.spi.ApiRequest;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which candidate leads. */
@Command(name = "leader", description = "Say which candidate of an election leads; exit code 1 when none does.")
final class LeaderCommand implements Callable<Integer> {

    private static final Duration POLL = Duration.ofSeconds(25);

    private final Invocation invocation;
    private final Answers answers;

    @Parameters(paramLabel = "NAME", description = "Name of the election, which is that of its lock")
    private String name = "";

    @Option(names = "--follow", description = "Go on, with a line for every change")
    private boolean follow;

    LeaderCommand(Invocation invocation) {
        this.invocation = invocation;
        this.answers = new Answers(invocation);
    }

    @Override
    public Integer call() throws InterruptedException {
        String path = Requests.lock(name);
        ApiAnswer answer = answers.to(ApiRequest.of("GET", path).expecting(LockBody::read));
        LockBody lock = answer.read(LockBody::read);
        return follow ? follow(path, answer, lock) : once(answer, lock);
    }

    private int once(ApiAnswer answer, LockBody lock) {
        if (answers.isJson()) {
            answers.document(answer);
        }
        if (lock.holders().isEmpty()) {
            String closed = lock.delayMs() > 0 ? "; its lock is closed for " + Words.time(lock.delayMs()) : "";
            throw CommandException.refused(name + " has no leader" + closed);
        }
        LockBody.Holder leader = lock.holders().get(0);
        Candidate candidate = Candidate.of(leader);
        if (answers.isName()) {
            answers.line(candidate.id());
        } else if (!answers.isJson()) {
            Table table =
                    Table.of("LEADER", "TOKEN", "SESSION", "SINCE", "METADATA").numbers(1, 3);
            table.row(
                    candidate.id(),
                    leader.token(),
                    leader.session(),
                    Words.time(leader.heldMs()),
                    candidate.metadata().json());
            answers.table(table);
        }
        return ExitCode.OK;
    }

    private int follow(String path, ApiAnswer first, LockBody read) throws InterruptedException {
        LockBody lock = read;
        tell(first, lock);
        while (!invocation.shell().out().checkError()) {
            String query = "?changedSince=" + lock.revision() + "&poll=" + POLL.toSeconds() + "s";
            ApiAnswer answer = answers.to(ApiRequest.of("GET", path + query).held(POLL));
            if (answer.status() == 200) {
                long before = token(lock);
                lock = answer.read(LockBody::read);
                if (token(lock) != before) {
                    tell(answer, lock);
                }
            }
        }
        return ExitCode.OK;
    }

    private static long token(LockBody lock) {
        return lock.holders().isEmpty() ? 0 : lock.holders().get(0).token();
    }

    private void tell(ApiAnswer answer, LockBody lock) {
        if (answers.isJson()) {
            answers.line(Documents.oneLine(answer.response().body()));
        } else if (lock.holders().isEmpty()) {
            answers.line(answers.isName() ? "-" : "no leader");
        } else {
            LockBody.Holder leader = lock.holders().get(0);
            Candidate candidate = Candidate.of(leader);
            answers.line(
                    answers.isName()
                            ? candidate.id()
                            : candidate.id() + "  token " + leader.token() + "  "
                                    + candidate.metadata().json());
        }
    }
}
