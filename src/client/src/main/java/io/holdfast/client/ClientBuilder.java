package io.holdfast.client;

import io.holdfast.client.internal.ClientOptions;
import io.holdfast.client.internal.Clients;
import io.holdfast.client.spi.ApiCalls;
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
    private Credential credential = anew -> "";
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
        if (time.compareTo(TTL_MIN) < 0 || time.compareTo(TTL_MAX) > 0) {
            throw new IllegalArgumentException("a ttl is " + TTL_MIN + " to " + TTL_MAX + ", not " + time);
        }
        ttl = time;
        return this;
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
        if (time.isNegative() || time.compareTo(Duration.ofSeconds(60)) > 0) {
            throw new IllegalArgumentException("a lock-delay is 0 to 60 s, not " + time);
        }
        lockDelay = time;
        return this;
    }

    /** Name of the sessions, for people; 512 characters at most. */
    public ClientBuilder name(String text) {
        if (text.length() > NAME_CHARS_MAX || text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("a name has at most 512 characters and no control characters");
        }
        name = text;
        return this;
    }

    /** Certificates and keys for {@code https}; the platform's unless given. */
    public ClientBuilder sslContext(SSLContext context) {
        sslContext = context;
        return this;
    }

    /** What the ensemble knows this client by; nothing unless given. */
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
     * @throws IllegalStateException when no endpoints are given
     */
    public HoldfastClient build() {
        return Clients.open(options(), sslContext, executor, transport);
    }

    /**
     * Makes the calls of the REST API alone, for tools; nothing is sent before they are used.
     *
     * @throws IllegalStateException when no endpoints are given
     */
    public ApiCalls buildCalls() {
        return Clients.calls(options(), sslContext, transport);
    }

    private ClientOptions options() {
        if (endpoints.isEmpty()) {
            throw new IllegalStateException("endpoints must be given: http://host:port of each node");
        }
        return new ClientOptions(endpoints, ttl, grace, lockDelay, name, credential);
    }
}
