package io.holdfast.cli;

import io.holdfast.api.GrantBody;
import io.holdfast.api.TransferRequest;
import io.holdfast.client.spi.ApiAnswer;
import io.holdfast.client.spi.ApiRequest;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Asks a holder to yield. */
@Command(
        name = "transfer",
        description = "Ask a holder to hand its locks to a ticket. The holder decides; nothing is taken from it.")
final class TransferCommand implements Callable<Integer> {

    private final Invocation invocation;
    private final Answers answers;

    @Parameters(paramLabel = "GRANT", description = "Id of the grant that holds")
    private String grant = "";

    @Option(names = "--to", required = true, paramLabel = "GRANT", description = "Id of the ticket that shall be next")
    private String to = "";

    @Option(names = "--drain", paramLabel = "TIME", description = "When the request lapses, 30s unless given")
    private String drain = "30s";

    TransferCommand(Invocation invocation) {
        this.invocation = invocation;
        this.answers = new Answers(invocation);
    }

    @Override
    public Integer call() throws InterruptedException {
        Settings.duration("--drain", drain, Duration.ofMillis(1), Duration.ofHours(24));
        ApiAnswer answer = answers.to(ApiRequest.of("POST", Requests.grant(grant) + "/transfer")
                .body(new TransferRequest(Requests.id(to, "grant"), drain))
                .expecting(GrantBody::read));
        if (answers.isJson()) {
            answers.document(answer);
        } else {
            invocation.note(
                    answer.status() == 202
                            ? grant + " is asked to yield to " + to + " within " + drain
                            : to + " is next");
        }
        return ExitCode.OK;
    }
}
