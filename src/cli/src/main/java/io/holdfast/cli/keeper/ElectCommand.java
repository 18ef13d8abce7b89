package io.holdfast.cli.keeper;

import io.holdfast.api.Metadata;
import io.holdfast.cli.Invocation;
import io.holdfast.client.LockRequest;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.MalformedURLException;
import java.net.URL;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a command whenever this candidate is elected. */
@Command(
        name = "elect",
        exitCodeOnInvalidInput = 125,
        description = {
            "Stand for election, and run a command whenever elected; it is stopped in time when the leadership cannot"
                    + " be kept. When it ends, this candidate stands again.",
            "Exit codes and the command's environment are those of lock."
        })
public final class ElectCommand implements Callable<Integer> {

    private static final int URL_MILLIS = 1_000;

    @Mixin
    private HoldOptions options = new HoldOptions();

    @Option(names = "--candidate", paramLabel = "ID", description = "Name of this candidate, without spaces (random)")
    private @Nullable String candidate;

    @Option(names = "--metadata", paramLabel = "JSON", description = "What others read about it, a JSON object")
    private String metadata = "{}";

    @Option(
            names = "--eligible-url",
            paramLabel = "URL",
            description = "Stand only while a GET there is answered with 200; asked once a second")
    private @Nullable String eligibleUrl;

    @Option(names = "--once", description = "End when the command has ended")
    private boolean once;

    @Spec
    private CommandSpec spec;

    private final Invocation invocation;

    /** One of that invocation. */
    @SuppressWarnings("NullAway.Init")
    public ElectCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws InterruptedException {
        HoldOptions.Halves halves = options.halves(spec);
        if (halves.names().size() != 1) {
            throw HoldOptions.wrong(
                    "an election has one name, not " + halves.names().size());
        }
        String id = candidate == null ? UUID.randomUUID().toString() : candidate;
        LockRequest what;
        try {
            what = LockRequest.candidacy(halves.names().get(0), id, Metadata.of(metadata));
        } catch (IllegalArgumentException e) {
            throw HoldOptions.wrong("--candidate or --metadata: " + e.getMessage());
        }
        return new HoldRun(invocation, options)
                .run(halves.command(), what, Optional.empty(), new HoldRun.Standing(!once, eligible()));
    }

    private BooleanSupplier eligible() {
        if (eligibleUrl == null) {
            return () -> true;
        }
        try {
            URL url = new URL(eligibleUrl);
            if (!url.getProtocol().matches("https?") || url.getHost().isEmpty()) {
                throw new MalformedURLException();
            }
            return () -> saysYes(url);
        } catch (MalformedURLException e) {
            throw HoldOptions.wrong("--eligible-url is " + eligibleUrl + "; give http://… or https://…");
        }
    }

    private static boolean saysYes(URL url) {
        try {
            HttpURLConnection connection = (HttpURLConnection) url.openConnection();
            connection.setConnectTimeout(URL_MILLIS);
            connection.setReadTimeout(URL_MILLIS);
            connection.setInstanceFollowRedirects(false);
            connection.setUseCaches(false);
            try {
                return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            return false;
        }
    }
}
