package io.holdfast.camel;

import io.holdfast.api.Durations;
import io.holdfast.api.LockNames;
import io.holdfast.client.ClientBuilder;
import io.holdfast.client.Credential;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.Lease;
import io.holdfast.client.TlsFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.support.cluster.AbstractCamelClusterService;
import org.jspecify.annotations.Nullable;

/**
 * A cluster service whose namespaces are elections of a Holdfast ensemble. Its id is that of the member, so each
 * context of a cluster needs another; a random one unless given.
 *
 * <p>A member is the leader until its routes must have stopped, and another becomes the leader only after the listeners
 * of the first one returned, or its lease ended. What an exchange does then can still be late: {@link LeaseCheck} in a
 * route sees to that.
 *
 * <p>It uses the client that it is given, or makes one from its settings.
 */
public class HoldfastClusterService extends AbstractCamelClusterService<HoldfastClusterView> {

    private static final String PREFIX = "camel/";

    private final Map<String, HoldfastClusterView> views = new ConcurrentHashMap<>();
    private String endpoints = "";
    private String ttl = "10s";
    private String grace = "";
    private String authFile = "";
    private String caFile = "";
    private String certFile = "";
    private String keyFile = "";
    private String lockPrefix = PREFIX;
    private String membersInterval = "5s";
    private @Nullable HoldfastClient given;
    private volatile @Nullable HoldfastClient client;

    /** The nodes, as {@code http://host:port}, separated by commas. */
    public String getEndpoints() {
        return endpoints;
    }

    /** The nodes, as {@code http://host:port}, separated by commas. */
    public void setEndpoints(String uris) {
        endpoints = uris;
    }

    /** How long the leadership of a member that is not heard of lasts; {@code 10s} unless given. */
    public String getTtl() {
        return ttl;
    }

    /** How long the leadership of a member that is not heard of lasts; {@code 1s} to {@code 24h}. */
    public void setTtl(String duration) {
        ttl = duration;
    }

    /** How long routes have to stop before a leadership ends; a fifth of the ttl when empty. */
    public String getGrace() {
        return grace;
    }

    /** How long routes have to stop before a leadership ends. */
    public void setGrace(String duration) {
        grace = duration;
    }

    /** File with the credential; none when empty. */
    public String getAuthFile() {
        return authFile;
    }

    /** File with the credential, read again when it changes; only over {@code https}, or to this machine. */
    public void setAuthFile(String path) {
        authFile = path;
    }

    /** PEM file of the authorities that nodes are trusted by; the platform's when empty. */
    public String getCaFile() {
        return caFile;
    }

    /** PEM file of the authorities that nodes are trusted by. */
    public void setCaFile(String path) {
        caFile = path;
    }

    /** PEM file of this member's certificate; none when empty. */
    public String getCertFile() {
        return certFile;
    }

    /** PEM file of this member's certificate; it needs a key. */
    public void setCertFile(String path) {
        certFile = path;
    }

    /** PEM file of the key of the certificate; none when empty. */
    public String getKeyFile() {
        return keyFile;
    }

    /** PEM file of the key of the certificate. */
    public void setKeyFile(String path) {
        keyFile = path;
    }

    /** What the names of the elections begin with; {@code camel/} unless given. */
    public String getLockPrefix() {
        return lockPrefix;
    }

    /** What the names of the elections begin with; may be empty. */
    public void setLockPrefix(String prefix) {
        lockPrefix = prefix;
    }

    /** How often the members of a namespace are looked up; {@code 5s} unless given. */
    public String getMembersInterval() {
        return membersInterval;
    }

    /** How often the members of a namespace are looked up; {@code 100ms} at least. */
    public void setMembersInterval(String duration) {
        membersInterval = duration;
    }

    /** The client in use; null before the start when none was given. */
    public @Nullable HoldfastClient getClient() {
        HoldfastClient used = client;
        return used == null ? given : used;
    }

    /** A client to use, in place of one from the settings; it is not closed with this service. */
    public void setClient(HoldfastClient shared) {
        given = shared;
    }

    /**
     * The lease of this member's leadership.
     *
     * @return empty when it does not lead, or must stop
     */
    public Optional<Lease> lease(String namespace) {
        HoldfastClusterView view = views.get(namespace);
        return view == null ? Optional.empty() : view.lease();
    }

    @Override
    protected HoldfastClusterView createView(String namespace) {
        HoldfastClusterView view = new HoldfastClusterView(this, namespace, lockName(namespace));
        views.put(namespace, view);
        return view;
    }

    private String lockName(String namespace) {
        String name = LockNames.escape(lockPrefix + namespace);
        String problem = LockNames.problem(name);
        if (problem != null) {
            throw new IllegalArgumentException(
                    "lockPrefix and namespace give no name of a lock: " + problem + ": " + name);
        }
        return name;
    }

    /** Checks the settings, and makes the client unless one was given. */
    @Override
    protected void doStart() throws Exception {
        if (getId() == null) {
            setId(UUID.randomUUID().toString());
        }
        String problem = LockNames.idProblem(getId());
        if (problem != null) {
            throw new IllegalArgumentException("id = " + getId() + ": " + problem);
        }
        interval();
        client = given == null ? clientOfSettings() : given;
        super.doStart();
    }

    private HoldfastClient clientOfSettings() {
        ClientBuilder builder = HoldfastClient.builder().name("camel " + getId());
        if (endpoints.isBlank()) {
            throw new IllegalArgumentException(
                    "endpoints is missing: give http://host:port of each node, separated by commas, or a client");
        }
        set(
                "endpoints",
                endpoints,
                value -> builder.endpoints(
                        Stream.of(value.split(",")).map(String::strip).toArray(String[]::new)));
        set("ttl", ttl, value -> builder.ttl(duration(value)));
        setUnlessBlank("grace", grace, value -> builder.grace(duration(value)));
        setUnlessBlank("authFile", authFile, value -> builder.credential(Credential.file(Path.of(value))));
        String files = Stream.of(caFile, certFile, keyFile)
                .filter(file -> !file.isBlank())
                .collect(Collectors.joining(", "));
        setUnlessBlank(
                "caFile, certFile, keyFile",
                files,
                value -> builder.tls(new TlsFiles(path(caFile), path(certFile), path(keyFile))));
        return builder.build();
    }

    /** How often members are looked up. */
    final Duration interval() {
        Duration[] interval = new Duration[1];
        set("membersInterval", membersInterval, value -> interval[0] = duration(value));
        if (interval[0].compareTo(Duration.ofMillis(100)) < 0) {
            throw new IllegalArgumentException("membersInterval = " + membersInterval + ": give 100ms at least");
        }
        return interval[0];
    }

    private static void set(String setting, String value, Consumer<String> action) {
        try {
            action.accept(value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(setting + " = " + value + ": " + e.getMessage(), e);
        }
    }

    private static void setUnlessBlank(String setting, String value, Consumer<String> action) {
        if (!value.isBlank()) {
            set(setting, value, action);
        }
    }

    private static @Nullable Path path(String file) {
        return file.isBlank() ? null : Path.of(file);
    }

    private static Duration duration(String text) {
        return Durations.parse(text).orElseThrow(() -> new IllegalArgumentException("give " + Durations.FORM));
    }

    /** Ends the leaderships after their routes stopped, and the client unless it was given. */
    @Override
    protected void doStop() throws Exception {
        super.doStop();
        HoldfastClient own = client;
        client = null;
        if (own != null && own != given) {
            own.close();
        }
    }
}
