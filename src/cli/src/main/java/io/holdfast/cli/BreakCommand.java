package io.holdfast.cli;

import io.holdfast.api.BreakingRequest;
import io.holdfast.api.GrantBody;
import io.holdfast.client.spi.ApiAnswer;
import io.holdfast.client.spi.ApiRequest;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes a lock from its holder. */
@Command(
        name = "break",
        description = "Take a lock from its holder, which is warned ahead. Asks on a terminal.",
        footer = {"", "The holder may still be at work after that: only what checks its fencing token keeps it out."})
final class BreakCommand implements Callable<Integer> {

    private static final int REASON_CHARS_MAX = 256;

    private final Invocation invocation;
    private final Answers answers;

    @Parameters(paramLabel = "NAME", description = "Name of the lock")
    private String name = "";

    @Option(names = "--grant", required = true, paramLabel = "ID", description = "Id of the grant that loses it")
    private String grant = "";

    @Option(names = "--token", paramLabel = "N", description = "Only if the grant has this fencing token")
    private @Nullable Long token;

    @Option(
            names = "--reason",
            required = true,
            paramLabel = "TEXT",
            description = "Why; is recorded and told the holder")
    private String reason = "";

    @Option(
            names = "--after",
            paramLabel = "TIME",
            description = "How long the holder is warned ahead, 10s unless given")
    private String after = "10s";

    @Option(names = "--yes", description = "Do not ask")
    private boolean yes;

    BreakCommand(Invocation invocation) {
        this.invocation = invocation;
        this.answers = new Answers(invocation);
    }

    @Override
    public Integer call() throws InterruptedException {
        Duration warning = Settings.duration("--after", after, Duration.ZERO, Duration.ofHours(24));
        String target = Requests.lock(name) + "/-/break";
        Requests.id(grant, "grant");
        if (reason.isBlank() || reason.length() > REASON_CHARS_MAX) {
            throw CommandException.usage("--reason has 1 to " + REASON_CHARS_MAX + " characters");
        }
        Question.confirm(
                invocation,
                yes,
                "Take " + name + " from grant " + grant + (warning.isZero() ? " at once?" : " in " + after + "?")
                        + " Its holder may still be at work then.");
        ApiAnswer answer = answers.to(ApiRequest.of("POST", target)
                .body(new BreakingRequest(grant, token, reason, warning.isZero() ? null : after))
                .expecting(GrantBody::read));
        if (answers.isJson()) {
            answers.document(answer);
        } else {
            invocation.note(
                    answer.status() == 202
                            ? "the holder is warned and loses " + name + " in " + after
                            : grant + " has lost " + name);
        }
        return ExitCode.OK;
    }
}
