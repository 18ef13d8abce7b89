package io.holdfast.cli;

import io.holdfast.api.Problem;
import io.holdfast.client.UnavailableException;
import io.holdfast.client.spi.ApiAnswer;
import io.holdfast.client.spi.ApiRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Collectors;

/** Sends what a subcommand asks and prints what came of it; a refusal ends the subcommand. */
final class Answers {

    /** How long a node may work on a request beyond the time for an ordinary one: until a change is settled. */
    static final Duration CHANGE = Duration.ofSeconds(60);

    private final Invocation invocation;

    Answers(Invocation invocation) {
        this.invocation = invocation;
    }

    /**
     * Sends a request, within the time of {@code --timeout}.
     *
     * @throws CommandException when it is refused
     */
    ApiAnswer to(ApiRequest request) throws InterruptedException {
        ApiAnswer answer = sent(request.within(invocation.settings().timeout()));
        if (answer.problem().isPresent()) {
            if (isJson()) {
                document(answer);
            }
            throw refused(answer, answer.problem().get());
        }
        return answer;
    }

    private ApiAnswer sent(ApiRequest request) throws InterruptedException {
        try {
            return invocation.api().call(request);
        } catch (UnavailableException e) {
            String words = Words.plain(String.valueOf(e.getMessage()));
            if (e.outcomeUnknown() && !reads(request)) {
                throw new CommandException(
                        ExitCode.UNKNOWN, words + "; it may have been done: look, or give the same command again", e);
            }
            throw new CommandException(
                    ExitCode.UNAVAILABLE, words + "; see that the nodes run, and that -e names them", e);
        }
    }

    /** Whether a request changes nothing. */
    private static boolean reads(ApiRequest request) {
        return request.method().equals("GET")
                || request.target().endsWith("/check")
                || request.target().contains("dryRun=true");
    }

    /** Whether the answer is printed as it is. */
    boolean isJson() {
        return invocation.options().form() == GlobalOptions.Form.JSON;
    }

    /** Whether only names are printed. */
    boolean isName() {
        return invocation.options().form() == GlobalOptions.Form.NAME;
    }

    /** Prints an answer as it is. */
    void document(ApiAnswer answer) {
        String text = new String(answer.response().body(), StandardCharsets.UTF_8);
        invocation.shell().out().println(text.stripTrailing());
    }

    /** Prints a table. */
    void table(Table table) {
        table.print(invocation.shell().out(), invocation.shell().colours());
    }

    /** Prints one line of an answer. */
    void line(String text) {
        invocation.shell().out().println(Words.plain(text));
    }

    private static CommandException refused(ApiAnswer answer, Problem problem) {
        StringBuilder words = new StringBuilder();
        String detail = problem.detail() == null ? problem.title() : problem.detail();
        words.append(detail == null ? "refused" : Words.plain(detail));
        if (problem.violations() != null && !problem.violations().isEmpty()) {
            words.append(problem.violations().stream()
                    .map(violation -> Words.plain(violation.field() + " " + violation.message()))
                    .collect(Collectors.joining("; ", ": ", "")));
        }
        if (problem.cycle() != null) {
            words.append(problem.cycle().stream()
                    .map(step -> Words.plain(
                            Words.session(step.sessionName(), step.session()) + " waits for " + step.lock()))
                    .collect(Collectors.joining(", ", ": ", "")));
        }
        words.append(" (").append(Words.plain(problem.slug())).append(')');
        boolean permitted = answer.status() != 401 && answer.status() != 403;
        int code = permitted ? ExitCode.REFUSED : ExitCode.NOT_PERMITTED;
        return new CommandException(code, words.toString(), answer.refusal().orElse(null));
    }
}
