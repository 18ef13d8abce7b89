package io.holdfast.sidecar.settings;

import io.holdfast.api.Durations;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Reads single variables, and says what is wrong with one. An empty variable is one that is not set. */
final class Environment {

    private static final int PORT_MAX = 65_535;

    private final Map<String, String> variables;

    Environment(Map<String, String> variables) {
        this.variables = variables;
    }

    Optional<String> text(String name) {
        String value = variables.getOrDefault(name, "").strip();
        return value.isEmpty() ? Optional.empty() : Optional.of(value);
    }

    String required(String name, String what) {
        return text(name).orElseThrow(() -> new BadSettingException(name, "is missing: set it to " + what));
    }

    Duration duration(String name, Duration unless, Duration least, Duration most) {
        Optional<String> given = text(name);
        if (given.isEmpty()) {
            return unless;
        }
        Duration value = Durations.parse(given.get())
                .orElseThrow(() ->
                        new BadSettingException(name, "set it to " + Durations.FORM + ", not " + quoted(given.get())));
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new BadSettingException(
                    name,
                    "set it to " + Durations.text(least) + " to " + Durations.text(most) + ", not " + given.get());
        }
        return value;
    }

    /** A port of loopback; empty when it is not set. */
    Optional<Integer> port(String name) {
        return text(name).map(text -> port(name, text, 1));
    }

    private static int port(String name, String text, int least) {
        try {
            int port = Integer.parseInt(text);
            if (port >= least && port <= PORT_MAX) {
                return port;
            }
        } catch (NumberFormatException e) {
            throw new BadSettingException(name, notAPort(text));
        }
        throw new BadSettingException(name, notAPort(text));
    }

    private static String notAPort(String text) {
        return "set it to a port, 1 to 65535, not " + quoted(text);
    }

    /** Where to listen, {@code host:port}; port 0 takes a free one. */
    InetSocketAddress address(String name, String unless) {
        String text = text(name).orElse(unless);
        int colon = text.lastIndexOf(':');
        if (colon <= 0) {
            throw new BadSettingException(name, "set it to ADDRESS:PORT, such as " + unless + ", not " + quoted(text));
        }
        int port = port(name, text.substring(colon + 1), 0);
        try {
            return new InetSocketAddress(InetAddress.getByName(text.substring(0, colon)), port);
        } catch (UnknownHostException e) {
            throw new BadSettingException(
                    name,
                    "set it to an address of this machine and a port, such as " + unless + ", not " + quoted(text));
        }
    }

    Optional<URI> http(String name) {
        return text(name).map(text -> {
            try {
                URI uri = URI.create(text);
                boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
                if (http && uri.getHost() != null && uri.getUserInfo() == null && uri.getFragment() == null) {
                    return uri;
                }
            } catch (IllegalArgumentException e) {
                throw new BadSettingException(name, notAUrl(text));
            }
            throw new BadSettingException(name, notAUrl(text));
        });
    }

    private static String notAUrl(String text) {
        return "set it to a URL such as http://localhost:8080/ready, not " + quoted(text);
    }

    Optional<Path> file(String name) {
        return text(name).map(text -> {
            Path path = Path.of(text);
            if (!Files.isReadable(path) || Files.isDirectory(path)) {
                throw new BadSettingException(name, "set it to a file that can be read, not " + quoted(text));
            }
            return path;
        });
    }

    /** Takes what a library accepts; its refusal is told with the name of the variable. */
    static <T> T parsed(String name, String text, Function<String, T> parser) {
        return accepted(name, () -> parser.apply(text));
    }

    /** The same for what is no text. */
    static <T> T accepted(String name, Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new BadSettingException(name, e.getMessage() + "; correct it");
        }
    }

    static String quoted(String text) {
        return "'" + (text.length() > 200 ? text.substring(0, 200) + "…" : text) + "'";
    }
}
