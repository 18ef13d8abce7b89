package io.holdfast.operator.paper;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.holdfast.operator.paper.api.ApiServer;
import io.holdfast.operator.paper.control.Controllers;
import io.holdfast.operator.paper.kubelet.PaperKubelet;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** A cluster whose API server and controllers are in this process. */
final class PaperCluster implements TestCluster {

    private final ApiServer server;
    private final Controllers controllers;
    private final PaperKubelet kubelet;

    private PaperCluster(ApiServer server, Controllers controllers, PaperKubelet kubelet) {
        this.server = server;
        this.controllers = controllers;
        this.kubelet = kubelet;
    }

    static TestCluster start(PaperKubelet.Options options) throws IOException, TimeoutException {
        var server = ApiServer.start();
        var controllers = Controllers.start(server.access());
        return new PaperCluster(
                server, controllers, new PaperKubelet(server.client(ApiServer.INSIDE + "kubelet"), options));
    }

    @Override
    public KubernetesClient client(String agent) {
        return server.client(agent);
    }

    @Override
    public PaperKubelet kubelet() {
        return kubelet;
    }

    @Override
    public Optional<ApiServer> paper() {
        return Optional.of(server);
    }

    @Override
    public void close() throws IOException {
        kubelet.close();
        controllers.close();
        server.close();
    }
}
