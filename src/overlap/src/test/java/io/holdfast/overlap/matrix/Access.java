package io.holdfast.overlap.matrix;

import io.holdfast.ensemble.Ensemble;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/** The way of one contender to the nodes and to the database. Used by one thread. */
interface Access extends AutoCloseable {

    /** URIs of the nodes. */
    List<String> endpoints();

    /** Where the database listens, as {@code host:port}. */
    String database();

    /** The beginning of the contender's command. */
    default List<String> prefix() {
        return List.of();
    }

    /** Breaks the way to the nodes. */
    void cut() throws IOException, TimeoutException;

    /** Makes the way whole again. */
    void restore() throws IOException, TimeoutException;

    @Override
    void close() throws IOException;

    /** How a contender reaches the nodes. */
    enum Kind {
        /** Directly; it cannot be cut. */
        DIRECT,
        /** Through proxies that can swallow what they are given. */
        PROXIES,
        /** From a network namespace of its own whose link can be taken down. */
        NAMESPACE;

        Access open(Ensemble nodes, int database) throws IOException, TimeoutException {
            return switch (this) {
                case DIRECT -> new Direct(nodes, database);
                case PROXIES -> new Proxies(nodes, database, InetAddress.getLoopbackAddress());
                case NAMESPACE -> new Namespaced(nodes, database);
            };
        }
    }

    /** The nodes themselves. */
    record Direct(List<String> endpoints, String database) implements Access {
        Direct(Ensemble nodes, int database) {
            this(
                    IntStream.rangeClosed(1, nodes.size())
                            .mapToObj(id -> nodes.uri(id).toString())
                            .toList(),
                    "127.0.0.1:" + database);
        }

        @Override
        public void cut() {
            throw new UnsupportedOperationException("there is nothing between worker and nodes");
        }

        @Override
        public void restore() {}

        @Override
        public void close() {}
    }

    /** A proxy before each node, and one before the database that always carries. */
    final class Proxies implements Access {
        private final List<SwallowingProxy> nodes = new ArrayList<>();
        private final SwallowingProxy database;

        Proxies(Ensemble nodes, int database, InetAddress address) throws IOException {
            for (var id = 1; id <= nodes.size(); id++) {
                this.nodes.add(new SwallowingProxy(address, nodes.port(id)));
            }
            this.database = new SwallowingProxy(address, database);
        }

        @Override
        public List<String> endpoints() {
            return nodes.stream().map(proxy -> "http://" + text(proxy)).toList();
        }

        @Override
        public String database() {
            return text(database);
        }

        private static String text(SwallowingProxy proxy) {
            return proxy.address().getAddress().getHostAddress() + ":"
                    + proxy.address().getPort();
        }

        @Override
        public void cut() {
            nodes.forEach(SwallowingProxy::swallow);
        }

        @Override
        public void restore() {
            nodes.forEach(SwallowingProxy::carry);
        }

        @Override
        public void close() throws IOException {
            for (var proxy : nodes) {
                proxy.close();
            }
            database.close();
        }
    }

    /** A namespace that reaches the nodes through proxies at the other end of its link. */
    final class Namespaced implements Access {
        private final NetworkNamespace namespace;
        private final Proxies proxies;

        Namespaced(Ensemble nodes, int database) throws IOException, TimeoutException {
            this.namespace = new NetworkNamespace();
            this.proxies = new Proxies(nodes, database, namespace.gateway());
        }

        @Override
        public List<String> endpoints() {
            return proxies.endpoints();
        }

        @Override
        public String database() {
            return proxies.database();
        }

        @Override
        public List<String> prefix() {
            return namespace.prefix();
        }

        @Override
        public void cut() throws IOException, TimeoutException {
            namespace.link(false);
        }

        @Override
        public void restore() throws IOException, TimeoutException {
            namespace.link(true);
        }

        @Override
        public void close() throws IOException {
            proxies.close();
            namespace.close();
        }
    }
}
