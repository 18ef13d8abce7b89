package io.holdfast.cli;

import io.holdfast.api.LockBody;
import io.holdfast.api.WhyBody;
import io.holdfast.client.spi.ApiAnswer;
import io.holdfast.client.spi.ApiRequest;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Why a ticket waits. */
@Command(
        name = "why",
        description = "Say why a ticket waits: behind which grants, since when, and whether that is a deadlock.")
final class WhyCommand implements Callable<Integer> {

    private final Answers answers;

    @Parameters(paramLabel = "NAME", description = "Name of the lock")
    private String name = "";

    @Option(
            names = "--grant",
            paramLabel = "ID",
            description = "Id of the ticket; the first one that waits unless given")
    private @Nullable String grant;

    WhyCommand(Invocation invocation) {
        answers = new Answers(invocation);
    }

    @Override
    public Integer call() throws InterruptedException {
        String path = Requests.lock(name);
        String ticket = grant == null ? first(path) : Requests.id(grant, "grant");
        ApiAnswer answer = answers.to(ApiRequest.of("GET", path + "/-/why?grant=" + Requests.query(ticket))
                .expecting(WhyBody::read));
        if (answers.isJson()) {
            answers.document(answer);
        } else if (answers.isName()) {
            answers.line(answer.read(WhyBody::read).grant().id());
        } else {
            print(answer.read(WhyBody::read));
        }
        return ExitCode.OK;
    }

    private String first(String path) throws InterruptedException {
        LockBody lock =
                answers.to(ApiRequest.of("GET", path).expecting(LockBody::read)).read(LockBody::read);
        return lock.waiters().stream()
                .findFirst()
                .map(LockBody.Waiter::grant)
                .orElseThrow(() -> CommandException.refused("no ticket waits for " + name));
    }

    private void print(WhyBody why) {
        answers.line(why.words());
        boolean waits = why.waitsAt().stream().anyMatch(line -> !line.behind().isEmpty());
        if (waits) {
            Table table = Table.of("LOCK", "POSITION", "BEHIND", "SESSION", "GRANT", "STATE", "HELD", "WAITED")
                    .numbers(1, 6, 7);
            for (WhyBody.Line line : why.waitsAt()) {
                for (WhyBody.Other other : line.behind()) {
                    table.row(
                            line.lock(),
                            line.position(),
                            other.sessionName(),
                            other.session(),
                            other.grant(),
                            other.state(),
                            Words.time(other.heldMs()),
                            Words.time(other.waitedMs()));
                }
            }
            answers.line("");
            answers.table(table);
        }
        if (why.deadlock()) {
            answers.line("");
            answers.line("Deadlock:");
            why.cycle()
                    .forEach(step -> answers.line("  " + Words.session(step.sessionName(), step.session())
                            + " waits for " + step.lock() + " with " + step.grant()));
        }
    }
}
