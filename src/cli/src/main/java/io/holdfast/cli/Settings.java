package io.holdfast.cli;

import io.holdfast.api.Durations;
import io.holdfast.client.Credential;
import io.holdfast.client.TlsFiles;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which ensemble is asked and how: for each setting the flag, else the variable {@code HOLDFAST_…}, else the context,
 * else the node at {@code localhost:7100}. A context belongs to its endpoints: when these are given by a flag or a
 * variable, the rest of it counts only if {@code --context} or {@code HOLDFAST_CONTEXT} names it.
 *
 * @param endpoints base URI of each node
 * @param timeout how long a node that answers is looked for
 * @param tls files with certificates and a key; empty for the platform's
 * @param credential what the ensemble knows the caller by; empty for none
 * @param usesInput whether the credential was on standard input, which has nothing more then
 */
public record Settings(
        List<URI> endpoints,
        Duration timeout,
        Optional<TlsFiles> tls,
        Optional<Credential> credential,
        boolean usesInput) {

    private static final String ENDPOINT = "http://localhost:7100";
    private static final String TIMEOUT = "10s";
    private static final int ENDPOINTS_MAX = 64;
    private static final int CREDENTIAL_BYTES_MAX = 16 << 10;
    private static final Duration TIMEOUT_MAX = Duration.ofHours(1);

    static Settings read(GlobalOptions options, Shell shell) {
        Sources sources = new Sources(options, shell);
        List<URI> endpoints = endpoints(sources);
        Optional<Source> authFile = sources.of("auth-file", options.authFile);
        Optional<Credential> credential = authFile.map(file -> credential(file, shell));
        if (credential.isPresent()) {
            endpoints.forEach(Settings::requireSafe);
        }
        boolean usesInput = authFile.map(Source::value).filter("-"::equals).isPresent();
        return new Settings(endpoints, timeout(sources), tls(sources), credential, usesInput);
    }

    /**
     * A value and where it came from.
     *
     * @param name of the flag, the variable or the key
     */
    record Source(String name, String value) {}

    /** Looks a setting up. */
    private static final class Sources {
        private final GlobalOptions options;
        private final Shell shell;
        private final Map<String, String> context;
        private final String contextName;

        Sources(GlobalOptions options, Shell shell) {
            this.options = options;
            this.shell = shell;
            Optional<String> named = Optional.ofNullable(options.context).or(() -> shell.variable("HOLDFAST_CONTEXT"));
            boolean elsewhere = !options.endpoints.isEmpty()
                    || shell.variable("HOLDFAST_ENDPOINTS").isPresent();
            if (named.isEmpty() && elsewhere) {
                context = Map.of();
                contextName = "";
            } else {
                Contexts contexts = Contexts.read(shell);
                contextName = named.orElse(contexts.current());
                context = contextName.isEmpty() ? Map.of() : contexts.get(contextName);
            }
        }

        Optional<Source> of(String key, @Nullable String flag) {
            if (flag != null) {
                return Optional.of(new Source("--" + key, flag));
            }
            String variable = "HOLDFAST_" + key.replace('-', '_').toUpperCase(java.util.Locale.ROOT);
            return shell.variable(variable)
                    .map(value -> new Source(variable, value))
                    .or(() -> Optional.ofNullable(context.get(key))
                            .map(value -> new Source(key + " of the context " + contextName, value)));
        }
    }

    private static List<URI> endpoints(Sources sources) {
        List<String> flags = sources.options.endpoints;
        Source source = sources.of("endpoints", flags.isEmpty() ? null : String.join(",", flags))
                .orElse(new Source("the default", ENDPOINT));
        List<URI> endpoints = new ArrayList<>();
        for (String text : source.value().split(",", -1)) {
            endpoints.add(endpoint(text.strip(), source.name()));
        }
        if (endpoints.size() > ENDPOINTS_MAX) {
            throw CommandException.usage(
                    source.name() + " has " + endpoints.size() + " nodes; give " + ENDPOINTS_MAX + " at most");
        }
        return List.copyOf(endpoints);
    }

    /** One node; {@code host:port} means http. */
    static URI endpoint(String text, String name) {
        try {
            URI uri = URI.create(text.contains("://") ? text : "http://" + text);
            boolean scheme = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            boolean bare = (uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"))
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && uri.getRawUserInfo() == null;
            if (scheme && bare && uri.getHost() != null && uri.getPort() <= 65535) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw notAnEndpoint(text, name);
        }
        throw notAnEndpoint(text, name);
    }

    private static CommandException notAnEndpoint(String text, String name) {
        return CommandException.usage(name + " has '" + text
                + "'; a node is http://HOST:PORT or https://HOST:PORT, several joined by commas");
    }

    private static void requireSafe(URI endpoint) {
        boolean loopback = List.of("localhost", "127.0.0.1", "[::1]").contains(endpoint.getHost());
        if ("http".equals(endpoint.getScheme()) && !loopback) {
            throw CommandException.usage("a credential is not sent to " + endpoint
                    + " in plain text; give https://… or leave the credential away");
        }
    }

    private static Duration timeout(Sources sources) {
        Source source = sources.of("timeout", sources.options.timeout).orElse(new Source("the default", TIMEOUT));
        return timeout(source.name(), source.value());
    }

    /** Reads how long a node that answers is looked for. */
    static Duration timeout(String name, String value) {
        return duration(name, value, Duration.ofMillis(1), TIMEOUT_MAX);
    }

    /** Reads a duration and requires it to be in its bounds. */
    public static Duration duration(String name, String value, Duration least, Duration most) {
        Duration duration = Durations.parse(value)
                .orElseThrow(() -> CommandException.usage(name + " is '" + value + "'; give " + Durations.FORM));
        if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
            throw CommandException.usage(
                    name + " is " + value + "; give " + Durations.text(least) + " to " + Durations.text(most));
        }
        return duration;
    }

    private static Optional<TlsFiles> tls(Sources sources) {
        GlobalOptions options = sources.options;
        Optional<Source> authorities = sources.of("ca-file", options.caFile);
        Optional<Source> certificate = sources.of("cert-file", options.certFile);
        Optional<Source> key = sources.of("key-file", options.keyFile);
        if (certificate.isPresent() != key.isPresent()) {
            Source given = certificate.or(() -> key).orElseThrow();
            throw CommandException.usage(given.name() + " is given without its "
                    + (certificate.isPresent() ? "key; give --key-file too" : "certificate; give --cert-file too"));
        }
        if (authorities.isEmpty() && certificate.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new TlsFiles(path(authorities), path(certificate), path(key)));
    }

    private static @Nullable Path path(Optional<Source> source) {
        return source.isEmpty() ? null : path(source.get());
    }

    private static Path path(Source source) {
        try {
            return Path.of(source.value());
        } catch (InvalidPathException e) {
            throw CommandException.usage(source.name() + " is no path: " + Words.plain(source.value()));
        }
    }

    /** What is in a file, read again when it changes; or, once, what is on standard input. */
    private static Credential credential(Source source, Shell shell) {
        if (!source.value().equals("-")) {
            try {
                return Credential.file(path(source));
            } catch (IllegalArgumentException e) {
                throw CommandException.usage(source.name() + ": " + e.getMessage());
            }
        }
        try {
            String text = new String(shell.in().readNBytes(CREDENTIAL_BYTES_MAX + 1), StandardCharsets.UTF_8).strip();
            if (text.isEmpty()
                    || text.length() > CREDENTIAL_BYTES_MAX
                    || !text.chars().allMatch(c -> c >= ' ' && c <= '~')) {
                throw CommandException.usage(source.name()
                        + ": standard input has no credential; give one line of printable ASCII, 16 KiB at most");
            }
            String value = text.indexOf(' ') < 0 ? "Bearer " + text : text;
            return anew -> value;
        } catch (IOException e) {
            throw CommandException.usage(source.name() + ": cannot read standard input: " + FileFailures.words(e));
        }
    }
}
