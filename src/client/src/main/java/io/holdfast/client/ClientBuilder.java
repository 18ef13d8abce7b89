package io.holdfast.client;

import io.holdfast.client.internal.ClientOptions;
import io.holdfast.client.internal.Clients;
import io.holdfast.client.spi.ApiCalls;
import io.holdfast.client.spi.ClientObserver;
import io.holdfast.client.spi.Transport;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** What a client is to be made of. Used by one thread. */
public final class ClientBuilder {

    /** Least ttl: below it the margins leave nothing of a lease. */
    public static final Duration TTL_MIN = Duration.ofSeconds(1);

    /** Greatest ttl. */
    public static final Duration TTL_MAX = Duration.ofHours(24);

    private static final int NAME_CHARS_MAX = 512;

    private List<URI> endpoints = List.of();
    private Duration ttl = Duration.ofSeconds(10);
    private @Nullable Duration grace;
    private Duration lockDelay = Duration.ZERO;
    private String name = "java-client";
    private @Nullable SSLContext sslContext;
    private @Nullable Credential credential;
    private HttpVersion httpVersion = HttpVersion.HTTP_1_1;
    private boolean discover;
    private ClientObserver observer = ClientObserver.NONE;
    private OnStop onStop = OnStop.INTERRUPT;
    private OnOverrun onOverrun = OnOverrun.LOG;
    private @Nullable Executor executor;
    private @Nullable Transport transport;

    ClientBuilder() {}

    /**
     * The nodes, as {@code http://host:port} or {@code https://host:port}; more than one, so that a node may fail.
     *
     * @throws IllegalArgumentException when one is no such URI
     */
    public ClientBuilder endpoints(String... uris) {
        endpoints = Stream.of(uris).map(ClientBuilder::endpoint).toList();
        return this;
    }

    private static URI endpoint(String text) {
        URI uri = URI.create(text);
        boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        boolean bare = uri.getQuery() == null
                && uri.getFragment() == null
                && uri.getUserInfo() == null
                && ("".equals(uri.getPath()) || "/".equals(uri.getPath()));
        if (!http || uri.getHost() == null || !bare) {
            throw new IllegalArgumentException("an endpoint is http://host:port or https://host:port, not " + text);
        }
        return uri;
    }

    /** How long a lease lives without being confirmed; 1 s to 24 h, 10 s unless given. */
    public ClientBuilder ttl(Duration time) {
        requireTtl(time);
        ttl = time;
        return this;
    }

    static void requireTtl(Duration time) {
        if (time.compareTo(TTL_MIN) < 0 || time.compareTo(TTL_MAX) > 0) {
            throw new IllegalArgumentException("a ttl is " + TTL_MIN + " to " + TTL_MAX + ", not " + time);
        }
    }

    /** How long before the end of a lease its work is told to stop; a fifth of the ttl unless given. */
    public ClientBuilder grace(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("a grace is not negative: " + time);
        }
        grace = time;
        return this;
    }

    /** How long locks stay closed after a session of this client expired; zero unless given, 60 s at most. */
    public ClientBuilder lockDelay(Duration time) {
        requireLockDelay(time);
        lockDelay = time;
        return this;
    }

    static void requireLockDelay(Duration time) {
        if (time.isNegative() || time.compareTo(Duration.ofSeconds(60)) > 0) {
            throw new IllegalArgumentException("a lock-delay is 0 to 60 s, not " + time);
        }
    }

    /** Name of the sessions, for people; 512 characters at most. */
    public ClientBuilder name(String text) {
        requireName(text);
        name = text;
        return this;
    }

    static void requireName(String text) {
        if (text.length() > NAME_CHARS_MAX || text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("a name has at most 512 characters and no control characters");
        }
    }

    /** Certificates and keys for {@code https}; the platform's unless given. */
    public ClientBuilder sslContext(SSLContext context) {
        sslContext = context;
        return this;
    }

    /**
     * The same from PEM files, which are read again when they change.
     *
     * @throws IllegalArgumentException when one cannot be read, or is not what it must be; names the file
     */
    public ClientBuilder tls(TlsFiles files) {
        return sslContext(Clients.sslContext(files));
    }

    /** How requests are carried; {@link HttpVersion#HTTP_1_1} unless given. */
    public ClientBuilder httpVersion(HttpVersion version) {
        httpVersion = version;
        return this;
    }

    /**
     * Whether the nodes that the ensemble names are asked too, beside the endpoints: so a client goes on when all nodes
     * that it was given were replaced. Off unless given. A node that is named is used only by the scheme of the
     * endpoints, and over {@code http} it gets no credential unless it is on this machine.
     */
    public ClientBuilder discover(boolean nodes) {
        discover = nodes;
        return this;
    }

    /** What is told what the client does; nothing unless given. */
    public ClientBuilder observer(ClientObserver told) {
        observer = told;
        return this;
    }

    /** What happens to work when it must stop; {@link OnStop#INTERRUPT} unless given. */
    public ClientBuilder onStop(OnStop what) {
        onStop = what;
        return this;
    }

    /** What happens when work runs on although its lease is over; {@link OnOverrun#LOG} unless given. */
    public ClientBuilder onOverrun(OnOverrun what) {
        onOverrun = what;
        return this;
    }

    /**
     * What the ensemble knows this client by; nothing unless given. It is not sent over {@code http} to another
     * machine.
     */
    public ClientBuilder credential(Credential source) {
        credential = source;
        return this;
    }

    /** Runs listeners; two daemon threads of the client unless given. */
    public ClientBuilder executor(Executor listeners) {
        executor = listeners;
        return this;
    }

    /** How requests travel; the JDK's HTTP client unless given. */
    public ClientBuilder transport(Transport carrier) {
        transport = carrier;
        return this;
    }

    /**
     * Makes the client; nothing is sent before it is used.
     *
     * @throws IllegalStateException when no endpoints are given, or a credential would be sent in clear text
     */
    public HoldfastClient build() {
        return Clients.open(options(), executor, carrier());
    }

    /**
     * Makes the calls of the REST API alone, for tools; nothing is sent before they are used.
     *
     * @throws IllegalStateException when no endpoints are given
     */
    public ApiCalls buildCalls() {
        return Clients.calls(options(), carrier());
    }

    private ClientOptions options() {
        if (endpoints.isEmpty()) {
            throw new IllegalStateException("endpoints must be given: http://host:port of each node");
        }
        Credential source = credential;
        if (source != null && transport == null) {
            endpoints.forEach(ClientBuilder::requireSecret);
        }
        return new ClientOptions(
                endpoints,
                ttl,
                grace,
                lockDelay,
                name,
                source == null ? anew -> "" : source,
                discover,
                observer,
                onStop,
                onOverrun);
    }

    private Transport carrier() {
        Transport given = transport;
        return given == null ? Clients.http(sslContext, httpVersion) : given;
    }

    private static void requireSecret(URI endpoint) {
        if (!Clients.isSecret(endpoint)) {
            throw new IllegalStateException(
                    "a credential is not sent in clear text to " + endpoint + ": give an https endpoint");
        }
    }
}
