package io.holdfast.cdi;

import io.holdfast.api.Durations;
import io.holdfast.api.LockNames;
import io.holdfast.client.ClientBuilder;
import io.holdfast.client.Credential;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.TlsFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.Config;
import org.jspecify.annotations.Nullable;

/** The settings {@code holdfast.client.*}, all of them checked together. */
final class ClientSettings {

    private static final String PREFIX = "holdfast.client.";

    private final Config config;
    private final List<String> problems = new ArrayList<>();
    private final ClientBuilder builder = HoldfastClient.builder();
    private Optional<String> candidate = Optional.empty();
    private List<String> elections = List.of();
    private @Nullable Path ca;
    private @Nullable Path certificate;
    private @Nullable Path key;

    private ClientSettings(Config config) {
        this.config = config;
    }

    /**
     * Reads them.
     *
     * @throws IllegalStateException with a line for each that is wrong
     */
    static ClientSettings read(Config config) {
        ClientSettings settings = new ClientSettings(config);
        settings.read();
        if (!settings.problems.isEmpty()) {
            throw new IllegalStateException("wrong settings:\n" + String.join("\n", settings.problems));
        }
        return settings;
    }

    private void read() {
        Map<String, Consumer<String>> known = known();
        new TreeMap<>(known).forEach((key, set) -> read(PREFIX + key, set));
        if (value(PREFIX + "endpoints").isEmpty()) {
            problems.add(PREFIX + "endpoints is missing: give http://host:port of each node, separated by commas");
        }
        refuseOthers(known.keySet());
        if (problems.isEmpty()) {
            tryThemTogether();
        }
    }

    private Map<String, Consumer<String>> known() {
        return Map.ofEntries(
                Map.entry("endpoints", value -> builder.endpoints(list(value).toArray(String[]::new))),
                Map.entry("discover", value -> builder.discover(flag(value))),
                Map.entry("ttl", value -> builder.ttl(duration(value))),
                Map.entry("grace", value -> builder.grace(duration(value))),
                Map.entry("lock-delay", value -> builder.lockDelay(duration(value))),
                Map.entry("name", builder::name),
                Map.entry("auth-file", value -> builder.credential(Credential.file(Path.of(value)))),
                Map.entry("ca-file", value -> ca = Path.of(value)),
                Map.entry("cert-file", value -> certificate = Path.of(value)),
                Map.entry("key-file", value -> key = Path.of(value)),
                Map.entry("candidate", value -> candidate = Optional.of(id(value))),
                Map.entry(
                        "elections",
                        value -> elections = list(value).stream()
                                .map(name -> NameTemplate.escape(name, "\"" + name + "\" is no name of an election"))
                                .toList()));
    }

    private void refuseOthers(Set<String> known) {
        List<String> spellings =
                known.stream().map(name -> variable(PREFIX + name)).toList();
        String all = known.stream().sorted().collect(Collectors.joining(", "));
        StreamSupport.stream(config.getPropertyNames().spliterator(), false)
                .filter(name -> name.startsWith(PREFIX) && !spellings.contains(variable(name)))
                .sorted()
                .distinct()
                .forEach(name -> problems.add(name + " is no setting; after " + PREFIX + " comes one of " + all));
    }

    /** What is wrong only beside another setting, which making a client finds; nothing is sent. */
    private void tryThemTogether() {
        try {
            if (ca != null || certificate != null || key != null) {
                builder.tls(new TlsFiles(ca, certificate, key));
            }
            builder.build().close();
        } catch (IllegalArgumentException | IllegalStateException e) {
            problems.add(PREFIX + "ca-file, cert-file, key-file, auth-file or endpoints: " + e.getMessage());
        }
    }

    private static boolean flag(String value) {
        if (!value.equals("true") && !value.equals("false")) {
            throw new IllegalArgumentException("give true or false, not " + value);
        }
        return value.equals("true");
    }

    /** As an environment variable, of which sources make names with dots that may stand for others. */
    private static String variable(String name) {
        return name.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    private void read(String name, Consumer<String> set) {
        try {
            value(name).ifPresent(set);
        } catch (IllegalArgumentException | NoSuchElementException e) {
            problems.add(name + ": " + e.getMessage());
        }
    }

    private Optional<String> value(String name) {
        return config.getOptionalValue(name, String.class).map(String::strip).filter(value -> !value.isEmpty());
    }

    private static List<String> list(String value) {
        return Stream.of(value.split(","))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    private static Duration duration(String value) {
        return Durations.parse(value)
                .orElseThrow(() -> new IllegalArgumentException("give " + Durations.FORM + ", not " + value));
    }

    private static String id(String value) {
        String problem = LockNames.idProblem(value);
        if (problem != null) {
            throw new IllegalArgumentException(problem + ": " + value);
        }
        return value;
    }

    /** A builder with what they say. */
    ClientBuilder builder() {
        return builder;
    }

    /** Id of this application as a candidate; none for a random one. */
    Optional<String> candidate() {
        return candidate;
    }

    /** Names of the elections in which it is a candidate from the start. */
    List<String> elections() {
        return elections;
    }
}
