package io.holdfast.operator.inject;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.api.Durations;
import io.holdfast.api.LockNames;
import io.holdfast.operator.ClusterName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a pod asks for by its annotations.
 *
 * @param election name of the lock that is the election
 * @param cluster the cluster that it names; empty if it names none
 * @param settings variables of the sidecar that annotations give, by name
 * @param problems why the wish cannot be met, each in one line; empty if it can
 * @param remarks what is ignored, each in one line
 */
record Wish(
        String election,
        Optional<ClusterName> cluster,
        Map<String, String> settings,
        List<String> problems,
        List<String> remarks) {

    static final String PREFIX = "holdfast.dev/";
    static final String ELECT = PREFIX + "elect";
    static final String CLUSTER = ClusterName.ANNOTATION;

    private static final int GRACE_DEFAULT_SECONDS = 30;
    private static final int GRACE_RESERVE_SECONDS = 5;
    private static final int TEXT_MAX = 512;
    private static final Pattern HOOK = Pattern.compile("(https?://|exec:|signal:)\\S.*");
    private static final Pattern URL = Pattern.compile("https?://\\S+");

    /** Annotations that give a variable of the sidecar. */
    private static final Map<String, String> VARIABLES = Map.of(
            PREFIX + "ttl", "HOLDFAST_TTL",
            PREFIX + "drain", "HOLDFAST_DRAIN",
            PREFIX + "pod-label", "HOLDFAST_POD_LABEL",
            PREFIX + "eligible-url", "HOLDFAST_ELIGIBLE_URL",
            PREFIX + "on-elected", "HOLDFAST_ON_ELECTED",
            PREFIX + "on-stop", "HOLDFAST_ON_STOP");

    /** The wish of a pod, or nothing if it asks for no sidecar. */
    static Optional<Wish> of(JsonNode pod) {
        JsonNode election = pod.path("metadata").path("annotations").path(ELECT);
        return election.isMissingNode() ? Optional.empty() : Optional.of(read(pod, election.asText()));
    }

    private static Wish read(JsonNode pod, String election) {
        List<String> problems = new ArrayList<>();
        List<String> remarks = new ArrayList<>();
        String wrong = LockNames.problem(election);
        if (wrong != null) {
            problems.add(ELECT + ": " + wrong);
        }
        Map<String, String> given = new TreeMap<>();
        pod.path("metadata").path("annotations").properties().forEach(annotation -> {
            if (annotation.getKey().startsWith(PREFIX)) {
                given.put(annotation.getKey(), annotation.getValue().asText());
            }
        });
        given.remove(ELECT);
        Optional<ClusterName> cluster = cluster(given.remove(CLUSTER), problems);
        Map<String, String> settings = new LinkedHashMap<>();
        given.forEach((annotation, value) -> {
            String variable = VARIABLES.get(annotation);
            if (variable == null) {
                remarks.add(annotation + " is ignored: a pod may have " + CLUSTER + ", "
                        + String.join(", ", new TreeMap<>(VARIABLES).keySet()));
            } else {
                problem(annotation, value).ifPresentOrElse(problems::add, () -> settings.put(variable, value));
            }
        });
        Duration room = room(pod);
        String drain = settings.putIfAbsent("HOLDFAST_DRAIN", room.toSeconds() + "s");
        if (drain != null && Durations.parse(drain).orElse(room).compareTo(room) > 0) {
            remarks.add(PREFIX + "drain is longer than terminationGracePeriodSeconds less 5 s: the pod's end cuts it");
        }
        return new Wish(election, cluster, settings, List.copyOf(problems), List.copyOf(remarks));
    }

    private static Optional<ClusterName> cluster(
            @org.jspecify.annotations.Nullable String text, List<String> problems) {
        if (text == null) {
            return Optional.empty();
        }
        Optional<ClusterName> cluster = ClusterName.parse(text);
        if (cluster.isEmpty()) {
            problems.add(CLUSTER + ": set it to namespace/name of a LockCluster, not to " + quoted(text));
        }
        return cluster;
    }

    private static Duration room(JsonNode pod) {
        long grace = pod.path("spec").path("terminationGracePeriodSeconds").asLong(GRACE_DEFAULT_SECONDS);
        return Duration.ofSeconds(Math.min(3600, Math.max(0, grace - GRACE_RESERVE_SECONDS)));
    }

    private static Optional<String> problem(String annotation, String value) {
        String should = switch (annotation.substring(PREFIX.length())) {
            case "ttl" -> within(value, Duration.ofSeconds(1)) ? "" : "a duration from 1s to 1h";
            case "drain" -> within(value, Duration.ZERO) ? "" : "a duration from 0s to 1h";
            case "pod-label" -> List.of("off", "self", "takeover").contains(value) ? "" : "off, self or takeover";
            case "eligible-url" -> fits(URL, value) ? "" : "a URL such as http://localhost:8080/eligible";
            default -> fits(HOOK, value) ? "" : "http://…, exec:… or signal:…";
        };
        return should.isEmpty()
                ? Optional.empty()
                : Optional.of(annotation + ": set it to " + should + ", not to " + quoted(value));
    }

    private static boolean within(String text, Duration least) {
        return Durations.parse(text)
                .filter(value -> value.compareTo(least) >= 0 && value.compareTo(Duration.ofHours(1)) <= 0)
                .isPresent();
    }

    private static boolean fits(Pattern form, String text) {
        return text.length() <= TEXT_MAX && form.matcher(text).matches();
    }

    static String quoted(String text) {
        return '"' + (text.length() > 60 ? text.substring(0, 60) + "…" : text) + '"';
    }
}
