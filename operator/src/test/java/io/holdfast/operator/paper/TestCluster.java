package io.holdfast.operator.paper;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.holdfast.operator.paper.api.ApiServer;
import io.holdfast.operator.paper.kubelet.PaperKubelet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * A cluster for tests: an API server with its controllers, and a kubelet that runs pods as processes of this machine.
 *
 * <p>The API server is in memory, unless the environment names a real one: {@code KUBECONFIG}, or
 * {@code KUBEBUILDER_ASSETS} with {@code kube-apiserver}, {@code etcd} and {@code kube-controller-manager}.
 */
public interface TestCluster extends AutoCloseable {

    /** The packaged server, as seen from the module's directory. */
    Path SERVER_JAR = Path.of("../src/server/target/holdfast-server.jar");

    /** Startup and readiness are asked this much more often than in production, or most of a test's time is waiting. */
    int FASTER = 10;

    /** A client that calls itself that; the caller closes it. */
    KubernetesClient client(String agent);

    /** The nodes. */
    PaperKubelet kubelet();

    /** The API server, if it is the one in memory. */
    Optional<ApiServer> paper();

    @Override
    void close() throws IOException, TimeoutException;

    /**
     * Starts what the environment asks for.
     *
     * @param directory for volumes and logs
     * @param nodes names of nodes
     */
    static TestCluster start(Path directory, List<String> nodes) throws IOException, TimeoutException {
        var jar = SERVER_JAR.toAbsolutePath().normalize();
        if (!jar.toFile().isFile()) {
            throw new IllegalStateException(
                    "pods are processes of the packaged server: run mvn package, or mvn verify");
        }
        // Clients are not served through load balancers here that take seconds to hear of a pod that ends.
        var environment = Map.of("QUARKUS_SHUTDOWN_DELAY", "1s");
        var options = new PaperKubelet.Options(jar, directory, nodes, environment, FASTER);
        return RealCluster.isAskedFor(System.getenv())
                ? RealCluster.start(System.getenv(), options)
                : PaperCluster.start(options);
    }
}
