package io.holdfast.cli;

import io.holdfast.api.CheckBody;
import io.holdfast.api.CheckRequest;
import io.holdfast.api.Tokens;
import io.holdfast.client.spi.ApiAnswer;
import io.holdfast.client.spi.ApiRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Whether a fencing token is good. */
@Command(
        name = "check",
        description = "Say whether a fencing token is that of a present holder; exit code 1 when it is not.")
final class CheckCommand implements Callable<Integer> {

    private final Answers answers;

    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the lock")
    private String name = "";

    @Parameters(index = "1", paramLabel = "TOKEN", description = "Fencing token")
    private long token;

    CheckCommand(Invocation invocation) {
        answers = new Answers(invocation);
    }

    @Override
    public Integer call() throws InterruptedException {
        if (!Tokens.isToken(token)) {
            throw CommandException.usage(token + " is no fencing token; it is 1 to " + Tokens.MAX);
        }
        ApiAnswer answer = answers.to(ApiRequest.of("POST", Requests.lock(name) + "/-/check")
                .body(new CheckRequest(token))
                .expecting(CheckBody::read));
        CheckBody check = answer.read(CheckBody::read);
        if (answers.isJson()) {
            answers.document(answer);
        } else {
            answers.line(
                    check.valid()
                            ? "valid"
                            : check.current() == null
                                    ? "not valid: " + name + " is free"
                                    : "not valid: a holder has token " + check.current());
        }
        return check.valid() ? ExitCode.OK : ExitCode.REFUSED;
    }
}
