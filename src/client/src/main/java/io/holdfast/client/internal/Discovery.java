package io.holdfast.client.internal;

import io.holdfast.api.ClusterBody;
import io.holdfast.api.Json;
import io.holdfast.api.MalformedJsonException;
import io.holdfast.client.spi.Transport;
import io.holdfast.client.spi.TransportRequest;
import io.holdfast.client.spi.TransportResponse;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds nodes beside the endpoints: the addresses of their names, and what the ensemble says of its members if that is
 * wanted. It looks while the client sends, not more often than it must, so a client that does nothing sends nothing. On
 * the loop.
 */
final class Discovery {

    private static final System.Logger LOG = System.getLogger(Discovery.class.getName());

    private static final long EVERY_MILLIS = 30_000;
    private static final long TRY_MILLIS = 2_000;

    /** Characters of the address of a node at most. */
    private static final int ADDRESS_CHARS_MAX = 512;

    private static final int PORT_MAX = 65_535;

    private final Loop loop;
    private final Transport transport;
    private final Nodes nodes;
    private final boolean asks;
    private final Map<URI, List<URI>> addresses = new HashMap<>();
    private final Set<URI> resolving = new HashSet<>();
    private List<URI> members = List.of();
    private @Nullable Mark looked;

    /** Sends one request to one node. */
    interface Sender {
        /** As {@link Caller#send}. */
        CompletableFuture<TransportResponse> send(URI node, TransportRequest request, long millis);
    }

    /**
     * Creates one that has not looked yet.
     *
     * @param asks whether the ensemble is asked for its members
     */
    Discovery(Loop loop, Transport transport, Nodes nodes, boolean asks) {
        this.loop = loop;
        this.transport = transport;
        this.nodes = nodes;
        this.asks = asks;
    }

    /** Looks again if it is time; {@code sender} asks a node for the members. */
    void look(Sender sender) {
        Mark now = loop.now();
        Mark last = looked;
        if (last != null && last.millisUntil(now) < EVERY_MILLIS) {
            return;
        }
        looked = now;
        for (URI endpoint : nodes.configured()) {
            // One that is not resolved yet is not looked up once more beside that.
            if (!resolving.add(endpoint)) {
                continue;
            }
            Futures.onComplete(
                    transport.addresses(endpoint),
                    (found, failure) -> loop.execute(() -> resolved(endpoint, found == null ? List.of() : found)));
        }
        if (asks) {
            TransportRequest request =
                    new TransportRequest(TransportRequest.Kind.CALL, "GET", "/v1/cluster", Map.of(), "");
            Futures.onComplete(
                    sender.send(nodes.get(0), request, TRY_MILLIS), (response, failure) -> answered(response));
        }
    }

    private void resolved(URI endpoint, List<URI> found) {
        resolving.remove(endpoint);
        addresses.put(endpoint, found);
        tell();
    }

    private void answered(@Nullable TransportResponse response) {
        if (response == null || response.status() != 200) {
            LOG.log(System.Logger.Level.DEBUG, "no members were told: {0}", response);
            return;
        }
        try {
            Set<String> schemes =
                    nodes.configured().stream().map(URI::getScheme).collect(Collectors.toSet());
            Set<URI> named = new LinkedHashSet<>();
            for (ClusterBody.Member member :
                    Json.read(response.body(), ClusterBody::read).members()) {
                URI node = node(member.http(), schemes);
                if (node != null) {
                    named.add(node);
                }
            }
            members = List.copyOf(named);
            tell();
        } catch (MalformedJsonException e) {
            LOG.log(System.Logger.Level.DEBUG, "no members were told", e);
        }
    }

    /** The base URI that a member is reached at; null when it is none, or one that must not be used. */
    static @Nullable URI node(@Nullable String text, Set<String> schemes) {
        if (text == null || text.length() > ADDRESS_CHARS_MAX) {
            return null;
        }
        try {
            URI uri = new URI(text);
            boolean usable = uri.getScheme() != null
                    && schemes.contains(uri.getScheme())
                    && uri.getHost() != null
                    && uri.getPort() > 0
                    && uri.getPort() <= PORT_MAX
                    && uri.getUserInfo() == null
                    && uri.getQuery() == null
                    && uri.getFragment() == null
                    && (uri.getPath().isEmpty() || uri.getPath().equals("/"));
            return usable ? new URI(uri.getScheme() + "://" + uri.getRawAuthority()) : null;
        } catch (URISyntaxException e) {
            return null;
        }
    }

    private void tell() {
        List<URI> all = new ArrayList<>();
        addresses.values().forEach(all::addAll);
        all.addAll(members);
        nodes.found(all);
    }
}
