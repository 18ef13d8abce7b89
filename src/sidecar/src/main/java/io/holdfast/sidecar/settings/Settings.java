package io.holdfast.sidecar.settings;

import io.holdfast.api.LockNames;
import io.holdfast.api.Metadata;
import io.holdfast.client.ClientBuilder;
import io.holdfast.client.HoldfastClient;
import io.holdfast.sidecar.hook.Hook;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * All that can be set, checked.
 *
 * @param endpoints nodes of the ensemble
 * @param election name of the lock
 * @param candidate own id
 * @param metadata what others read about it
 * @param session name of the own session
 * @param ttl how long the leadership lasts without being confirmed
 * @param grace how long before its end the work must stop
 * @param drain how long the application has to stop when the leadership is handed over, or the pod ends
 * @param eligible says 200 while this candidate may stand
 * @param onElected called when it leads
 * @param onStop called when it must stop
 * @param workPort port of the application; once it refuses, the application has ended
 * @param listen where programs of the pod ask
 * @param probes where the kubelet and the metrics' reader ask
 * @param files of the ensemble's security
 * @param kubernetes how traffic is directed
 */
public record Settings(
        List<String> endpoints,
        String election,
        String candidate,
        Metadata metadata,
        String session,
        Duration ttl,
        Duration grace,
        Duration drain,
        Optional<URI> eligible,
        Optional<Hook> onElected,
        Optional<Hook> onStop,
        Optional<Integer> workPort,
        InetSocketAddress listen,
        InetSocketAddress probes,
        SecurityFiles files,
        KubernetesSettings kubernetes) {

    private static final Duration DRAIN_MAX = Duration.ofHours(1);

    /** Variables of the environment that are read. */
    public static final List<String> NAMES = List.of(
            "HOLDFAST_ENDPOINTS",
            "HOLDFAST_ELECTION",
            "HOLDFAST_CANDIDATE",
            "HOLDFAST_METADATA",
            "HOLDFAST_TTL",
            "HOLDFAST_GRACE",
            "HOLDFAST_DRAIN",
            "HOLDFAST_ELIGIBLE_URL",
            "HOLDFAST_ON_ELECTED",
            "HOLDFAST_ON_STOP",
            "HOLDFAST_WORK_PORT",
            "HOLDFAST_LISTEN",
            "HOLDFAST_PROBE_LISTEN",
            "HOLDFAST_CONTAINER",
            "HOLDFAST_POD_LABEL",
            "HOLDFAST_ENDPOINT_SLICE",
            "HOLDFAST_KUBERNETES_URL",
            "HOLDFAST_SERVICE_ACCOUNT_DIR",
            "HOLDFAST_CA_FILE",
            "HOLDFAST_CERT_FILE",
            "HOLDFAST_KEY_FILE",
            "HOLDFAST_AUTH_FILE");

    /** Others that the tools of Holdfast read, or that a pod gets for a Service of that name. */
    private static final Set<String> KNOWN_ELSEWHERE = Set.of("HOLDFAST_TOKEN", "HOLDFAST_CONTEXT", "HOLDFAST_LOG");

    /**
     * Reads them.
     *
     * @param variables of the environment
     * @param host name of this machine, the candidate unless one is given
     * @throws BadSettingException for the first that cannot be used
     */
    public static Settings read(Map<String, String> variables, String host) {
        Environment environment = new Environment(variables);
        List<String> endpoints = endpoints(environment);
        String election = Environment.parsed(
                "HOLDFAST_ELECTION",
                environment.required(
                        "HOLDFAST_ELECTION", "the name of the lock that is the election, such as jobs/leader"),
                LockNames::require);
        Pod pod = new Pod(
                environment.text("POD_NAME").orElse(""),
                environment.text("POD_NAMESPACE").orElse(""),
                environment.text("POD_UID").orElse(""),
                environment.text("POD_IP").orElse(""));
        String candidate =
                environment.text("HOLDFAST_CANDIDATE").orElse(pod.name().isEmpty() ? host : pod.name());
        String problem = LockNames.idProblem(candidate);
        if (problem != null) {
            throw new BadSettingException("HOLDFAST_CANDIDATE", problem + "; set it to the name of the pod");
        }
        Duration ttl = environment.duration(
                "HOLDFAST_TTL", Duration.ofSeconds(10), ClientBuilder.TTL_MIN, Duration.ofHours(1));
        Duration grace = environment.duration("HOLDFAST_GRACE", part(ttl, 5), Duration.ZERO, part(ttl, 2));
        String container = environment.text("HOLDFAST_CONTAINER").orElse("holdfast");
        return new Settings(
                endpoints,
                election,
                candidate,
                metadata(environment, candidate),
                (pod.uid().isEmpty() ? candidate : pod.uid()) + "/" + container,
                ttl,
                grace,
                environment.duration("HOLDFAST_DRAIN", Duration.ofSeconds(20), Duration.ZERO, DRAIN_MAX),
                environment.http("HOLDFAST_ELIGIBLE_URL"),
                hook(environment, "HOLDFAST_ON_ELECTED"),
                hook(environment, "HOLDFAST_ON_STOP"),
                environment.port("HOLDFAST_WORK_PORT"),
                environment.address("HOLDFAST_LISTEN", "127.0.0.1:7180"),
                environment.address("HOLDFAST_PROBE_LISTEN", "0.0.0.0:7181"),
                SecurityFiles.read(environment),
                KubernetesSettings.read(environment, pod));
    }

    /** In whole milliseconds. */
    private static Duration part(Duration ttl, int of) {
        return Duration.ofMillis(ttl.toMillis() / of);
    }

    private static List<String> endpoints(Environment environment) {
        String name = "HOLDFAST_ENDPOINTS";
        String text = environment.required(name, "the nodes, such as http://holdfast-0:7100,http://holdfast-1:7100");
        List<String> all = Stream.of(text.split(",", -1))
                .map(String::strip)
                .filter(one -> !one.isEmpty())
                .toList();
        if (all.isEmpty()) {
            throw new BadSettingException(name, "names no node: set it to http://host:port of each, with commas");
        }
        ClientBuilder unused =
                Environment.parsed(name, text, given -> HoldfastClient.builder().endpoints(all.toArray(String[]::new)));
        return all;
    }

    private static Metadata metadata(Environment environment, String candidate) {
        String name = "HOLDFAST_METADATA";
        Optional<String> text = environment.text(name);
        if (text.isEmpty()) {
            return Metadata.NONE;
        }
        Metadata metadata = Environment.parsed(name, text.get(), Metadata::of);
        // The id goes with it into the 4096 bytes that a ticket may have.
        int most = Metadata.BYTES_MAX - candidate.length() - 64;
        if (metadata.json().getBytes(StandardCharsets.UTF_8).length > most) {
            throw new BadSettingException(name, "set it to a JSON object of at most " + most + " bytes");
        }
        return metadata;
    }

    private static Optional<Hook> hook(Environment environment, String name) {
        return environment.text(name).map(text -> Environment.parsed(name, text, Hook::parse));
    }

    /** Names that look like settings and are none, in order. */
    public static Set<String> unknown(Map<String, String> variables) {
        Set<String> unknown = new TreeSet<>();
        for (String name : variables.keySet()) {
            boolean service = name.contains("_SERVICE_")
                    || name.contains("_PORT_")
                    || name.equals("HOLDFAST_PORT")
                    || variables.getOrDefault(name, "").startsWith("tcp://");
            if (name.startsWith("HOLDFAST_") && !NAMES.contains(name) && !KNOWN_ELSEWHERE.contains(name) && !service) {
                unknown.add(name);
            }
        }
        return unknown;
    }

    /**
     * The client that these settings describe.
     *
     * @throws BadSettingException when a file has not what it should have, or a token would be sent in clear text
     */
    public HoldfastClient client() {
        ClientBuilder builder = HoldfastClient.builder()
                .endpoints(endpoints.toArray(String[]::new))
                .ttl(ttl)
                .grace(grace)
                .name(session);
        files.apply(builder);
        return Environment.accepted("HOLDFAST_AUTH_FILE", builder::build);
    }
}
