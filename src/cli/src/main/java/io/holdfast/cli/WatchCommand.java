package io.holdfast.cli;

import io.holdfast.api.EventBatch;
import io.holdfast.api.Revision;
import io.holdfast.client.spi.ApiAnswer;
import io.holdfast.client.spi.ApiRequest;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is committed, as it happens. */
@Command(
        name = "watch",
        description = "Print what happens to locks whose names begin with PREFIX, until it is stopped.",
        footer = {"", "With --json each event is one line, as the API gives it; go on later with --since and its id."})
final class WatchCommand implements Callable<Integer> {

    private static final Duration POLL = Duration.ofSeconds(25);
    private static final int BATCH = 1000;
    private static final Pattern KIND = Pattern.compile("[a-z-]{1,64}");
    private static final Set<String> SILENT = Set.of("bookmark", "live");

    private final Invocation invocation;
    private final Answers answers;

    @Parameters(
            arity = "0..1",
            paramLabel = "PREFIX",
            description = "Beginning of the names; all, and what is about no lock, unless given")
    private String prefix = "";

    @Option(
            names = "--since",
            paramLabel = "REVISION",
            description = "Begin after that revision; start shows first what is there. From now on unless given")
    private @Nullable String since;

    @Option(
            names = "--kinds",
            split = ",",
            paramLabel = "KIND",
            description = "Only these kinds, such as granted,released")
    private List<String> kinds = List.of();

    WatchCommand(Invocation invocation) {
        this.invocation = invocation;
        this.answers = new Answers(invocation);
    }

    @Override
    public Integer call() throws InterruptedException {
        for (String kind : kinds) {
            if (!KIND.matcher(kind).matches()) {
                throw CommandException.usage("--kinds has '" + Words.plain(kind)
                        + "'; give kinds such as granted,released,expired, joined by commas");
            }
        }
        String query = "/v1/events?prefix=" + Requests.prefix(prefix) + "&limit=" + BATCH
                + (kinds.isEmpty() ? "" : "&kinds=" + String.join(",", kinds));
        String position = position();
        while (!invocation.shell().out().checkError()) {
            // The first request is not held, so what is wrong with it is said at once.
            boolean first = position.isEmpty();
            ApiRequest request = ApiRequest.of(
                            "GET", query + (first ? "" : "&since=" + position + "&poll=" + POLL.toSeconds() + "s"))
                    .header("Accept", "application/json")
                    .expecting(EventBatch::read);
            ApiAnswer answer = answers.to(first ? request : request.held(POLL));
            EventBatch batch = answer.read(EventBatch::read);
            print(answer, batch);
            position = batch.next();
        }
        return ExitCode.OK;
    }

    private String position() {
        if (since == null) {
            return "";
        }
        if (since.equals("start")) {
            return "0-0";
        }
        try {
            return Revision.parse(since).toString();
        } catch (IllegalArgumentException e) {
            throw CommandException.usage(
                    "--since is '" + Words.plain(since) + "'; give start, or a revision such as 3-1041");
        }
    }

    private void print(ApiAnswer answer, EventBatch batch) {
        if (!answers.isJson()) {
            batch.events().forEach(this::print);
            return;
        }
        List<String> documents = Documents.events(answer.response().body());
        for (int i = 0; i < documents.size(); i++) {
            if (!batch.events().get(i).event().equals("bookmark")) {
                invocation.shell().out().println(documents.get(i));
            }
        }
    }

    private void print(EventBatch.Event event) {
        if (event.event().equals("reset")) {
            invocation.note("the history does not reach back to " + event.data().since() + "; what is there follows");
        }
        List<EventBatch.Change> changes = event.data().changes();
        if (changes == null || SILENT.contains(event.event())) {
            return;
        }
        String at = event.data().at() == null ? "" : event.data().at() + "  ";
        for (EventBatch.Change change : changes) {
            answers.line(answers.isName() && change.lock() != null ? change.lock() : at + words(event, change));
        }
    }

    private static String words(EventBatch.Event event, EventBatch.Change change) {
        StringBuilder words = new StringBuilder();
        words.append(String.format("%-15s", change.kind()));
        append(words, "", change.lock());
        append(words, "token ", change.token());
        append(words, "grant ", change.grant());
        append(words, "session ", change.session());
        append(words, "of ", change.sessionName());
        append(words, "cause ", change.cause());
        append(words, "limit ", change.limit());
        append(words, "epoch ", change.epoch());
        append(words, "version ", change.version());
        return event.event().equals("sync") ? "(there) " + words : words.toString();
    }

    private static void append(StringBuilder words, String name, @Nullable Object value) {
        if (value != null) {
            words.append("  ").append(name).append(value);
        }
    }
}
