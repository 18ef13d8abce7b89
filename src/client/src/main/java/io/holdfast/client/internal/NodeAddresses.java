package io.holdfast.client.internal;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of host names: a name with several is several nodes. A node that is reached by its address is still
 * asked for a certificate of its name. Any thread.
 */
final class NodeAddresses {

    private static final System.Logger LOG = System.getLogger(NodeAddresses.class.getName());

    private static final ThreadFactory THREADS = ThreadLoop.daemons("holdfast-lookup");

    /** Nodes that are known by a name; more than are ever used. */
    private static final int KNOWN_MAX = 4 * Nodes.MAX;

    /** Names of nodes that are reached by their address. */
    private final Map<URI, String> names = new ConcurrentHashMap<>();

    /**
     * Looks them up on a thread of its own, since that may block for long; none when there is only one, or it is this
     * machine.
     */
    CompletableFuture<List<URI>> lookUp(URI endpoint) {
        String host = endpoint.getHost();
        if (host == null || isAddress(host)) {
            return CompletableFuture.completedFuture(List.of());
        }
        return CompletableFuture.supplyAsync(
                () -> lookUp(endpoint, host), task -> THREADS.newThread(task).start());
    }

    private static boolean isAddress(String host) {
        return host.startsWith("[") || host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
    }

    private List<URI> lookUp(URI endpoint, String host) {
        try {
            return several(endpoint, host, InetAddress.getAllByName(host));
        } catch (UnknownHostException e) {
            LOG.log(System.Logger.Level.DEBUG, "no address of " + host, e);
            return List.of();
        }
    }

    /** The nodes of a name that has these addresses. */
    List<URI> several(URI endpoint, String host, InetAddress... addresses) {
        List<URI> nodes = new ArrayList<>();
        for (InetAddress address : addresses) {
            if (addresses.length == 1 || address.isLoopbackAddress() || names.size() >= KNOWN_MAX) {
                continue;
            }
            String text = address.getHostAddress();
            String literal = address instanceof Inet6Address ? "[" + text.replaceAll("%.*", "") + "]" : text;
            String port = endpoint.getPort() < 0 ? "" : ":" + endpoint.getPort();
            URI node = URI.create(endpoint.getScheme() + "://" + literal + port);
            name(node, host);
            nodes.add(node);
        }
        return nodes;
    }

    /** Has a node verified by a name. */
    void name(URI node, String name) {
        names.put(node, name);
    }

    /** What a node's connections are secured by: where it has a name, its certificate must be of that. */
    @Nullable
    SSLContext sslContext(URI node, @Nullable SSLContext context) {
        String name = names.get(node);
        if (name == null || !"https".equals(node.getScheme())) {
            return context;
        }
        try {
            return NamedSslContext.of(context == null ? SSLContext.getDefault() : context, name);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the platform has no TLS", e);
        }
    }
}
