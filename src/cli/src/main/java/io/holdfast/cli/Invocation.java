package io.holdfast.cli;

import io.holdfast.client.ClientBuilder;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.spi.ApiCalls;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * One run of the command: what its subcommands have to work with. Used by the thread that runs the command; what was
 * opened through it ends with it.
 */
public final class Invocation implements AutoCloseable {

    private final Shell shell;
    private final GlobalOptions options = new GlobalOptions();
    private @Nullable Settings settings;
    private @Nullable ApiCalls api;

    /** One that was typed there. */
    public Invocation(Shell shell) {
        this.shell = shell;
    }

    /** Streams and environment. */
    public Shell shell() {
        return shell;
    }

    /** The options that every command has; filled once the command line is read. */
    public GlobalOptions options() {
        return options;
    }

    /**
     * Flags, variables and context as one.
     *
     * @throws CommandException when one of them is wrong
     */
    public Settings settings() {
        Settings present = settings;
        if (present == null) {
            present = Settings.read(options, shell);
            settings = present;
        }
        return present;
    }

    /** The calls of the API as they are, over all endpoints. */
    public ApiCalls api() {
        ApiCalls present = api;
        if (present == null) {
            present = client().buildCalls();
            api = present;
        }
        return present;
    }

    /** Begins a Java client with the endpoints, certificates and credential of the settings. */
    public ClientBuilder client() {
        Settings known = settings();
        ClientBuilder builder = HoldfastClient.builder()
                .endpoints(known.endpoints().stream().map(URI::toString).toArray(String[]::new));
        try {
            known.tls().ifPresent(builder::tls);
        } catch (IllegalArgumentException e) {
            throw CommandException.usage("the files for TLS: " + e.getMessage());
        }
        known.credential().ifPresent(builder::credential);
        return builder;
    }

    /** Says something that is no part of the answer, unless {@code -q} is given. */
    public void note(String line) {
        if (!options.quiet()) {
            shell.err().println("holdfast: " + line);
        }
    }

    @Override
    public void close() {
        if (api != null) {
            api.close();
        }
    }
}
