package io.holdfast.cdi;

import io.holdfast.api.Durations;
import io.holdfast.api.LockNames;
import io.holdfast.client.ClientBuilder;
import io.holdfast.client.HoldfastClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.Config;

/** The settings {@code holdfast.client.*}, all of them checked together. */
final class ClientSettings {

    private static final String PREFIX = "holdfast.client.";

    private final Config config;
    private final List<String> problems = new ArrayList<>();
    private final ClientBuilder builder = HoldfastClient.builder();
    private Optional<String> candidate = Optional.empty();
    private List<String> elections = List.of();

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
        Map<String, Consumer<String>> known = Map.of(
                "endpoints", value -> builder.endpoints(list(value).toArray(String[]::new)),
                "ttl", value -> builder.ttl(duration(value)),
                "grace", value -> builder.grace(duration(value)),
                "lock-delay", value -> builder.lockDelay(duration(value)),
                "name", builder::name,
                "candidate", value -> candidate = Optional.of(id(value)),
                "elections",
                        value -> elections = list(value).stream()
                                .map(name -> NameTemplate.escape(name, "\"" + name + "\" is no name of an election"))
                                .toList());
        new TreeMap<>(known).forEach((key, set) -> read(PREFIX + key, set));
        if (value(PREFIX + "endpoints").isEmpty()) {
            problems.add(PREFIX + "endpoints is missing: give http://host:port of each node, separated by commas");
        }
        List<String> spellings =
                known.keySet().stream().map(key -> variable(PREFIX + key)).toList();
        StreamSupport.stream(config.getPropertyNames().spliterator(), false)
                .filter(name -> name.startsWith(PREFIX) && !spellings.contains(variable(name)))
                .sorted()
                .distinct()
                .forEach(name -> problems.add(name + " is no setting; those are "
                        + known.keySet().stream().sorted().map(PREFIX::concat).collect(Collectors.joining(", "))));
    }

    /** As an environment variable, of which sources make names with dots that may stand for others. */
    private static String variable(String name) {
        return name.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    private void read(String key, Consumer<String> set) {
        try {
            value(key).ifPresent(set);
        } catch (IllegalArgumentException | NoSuchElementException e) {
            problems.add(key + ": " + e.getMessage());
        }
    }

    private Optional<String> value(String key) {
        return config.getOptionalValue(key, String.class).map(String::strip).filter(value -> !value.isEmpty());
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

    /** Names of the elections in which it stands from the start. */
    List<String> elections() {
        return elections;
    }
}
