package io.holdfast.operator.paper;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.holdfast.ensemble.Eventually;
import io.holdfast.ensemble.FreePorts;
import io.holdfast.ensemble.NodeProcess;
import io.holdfast.operator.paper.api.ApiServer;
import io.holdfast.operator.paper.kubelet.PaperKubelet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * A cluster with a real API server: one that runs, by {@code KUBECONFIG}, without nodes of its own; or binaries that
 * are started here on the loopback address, by {@code KUBEBUILDER_ASSETS}. Of the controller manager's controllers
 * those run that know no nodes: the paper kubelet sends no heartbeats.
 */
final class RealCluster implements TestCluster {

    private static final Duration BOUND = Duration.ofMinutes(2);
    private static final String TOKEN = "loopback-only";
    private static final String CONTROLLERS = String.join(
            ",",
            "statefulset-controller",
            "disruption-controller",
            "garbage-collector-controller",
            "namespace-controller",
            "job-controller",
            "persistentvolumeclaim-protection-controller");

    private final Config config;
    private final List<NodeProcess> processes;
    private final PaperKubelet kubelet;

    private RealCluster(Config config, List<NodeProcess> processes, PaperKubelet.Options options)
            throws IOException, TimeoutException {
        this.config = config;
        this.processes = processes;
        this.kubelet = new PaperKubelet(client(ApiServer.INSIDE + "kubelet"), options);
    }

    static boolean isAskedFor(Map<String, String> environment) {
        return environment.containsKey("KUBECONFIG") || environment.containsKey("KUBEBUILDER_ASSETS");
    }

    static TestCluster start(Map<String, String> environment, PaperKubelet.Options options)
            throws IOException, TimeoutException {
        var kubeconfig = environment.get("KUBECONFIG");
        if (kubeconfig != null) {
            return new RealCluster(Config.fromKubeconfig(Path.of(kubeconfig).toFile()), List.of(), options);
        }
        var assets = Path.of(environment.getOrDefault("KUBEBUILDER_ASSETS", ""));
        var directory = Files.createDirectories(options.directory().resolve("control-plane"));
        var processes = new ArrayList<NodeProcess>();
        try {
            return new RealCluster(start(assets, directory, processes), processes, options);
        } catch (IOException | TimeoutException | RuntimeException e) {
            processes.forEach(NodeProcess::close);
            throw e;
        }
    }

    private static Config start(Path assets, Path directory, List<NodeProcess> processes)
            throws IOException, TimeoutException {
        var ports = FreePorts.find(3);
        var etcd = "http://127.0.0.1:" + ports.get(0);
        run(
                processes,
                directory,
                List.of(
                        assets.resolve("etcd").toString(),
                        "--data-dir=" + directory.resolve("etcd"),
                        "--listen-client-urls=" + etcd,
                        "--advertise-client-urls=" + etcd,
                        "--listen-peer-urls=http://127.0.0.1:" + ports.get(1),
                        "--unsafe-no-fsync"));
        var key = Files.writeString(directory.resolve("accounts.key"), privateKey());
        var tokens = Files.writeString(directory.resolve("tokens.csv"), TOKEN + ",admin,admin,system:masters\n");
        var url = "https://127.0.0.1:" + ports.get(2);
        run(
                processes,
                directory,
                List.of(
                        assets.resolve("kube-apiserver").toString(),
                        "--etcd-servers=" + etcd,
                        "--bind-address=127.0.0.1",
                        "--advertise-address=127.0.0.1",
                        "--secure-port=" + ports.get(2),
                        "--cert-dir=" + directory.resolve("certificates"),
                        "--token-auth-file=" + tokens,
                        "--authorization-mode=RBAC",
                        "--service-cluster-ip-range=10.96.0.0/16",
                        "--service-account-issuer=" + url,
                        "--service-account-key-file=" + key,
                        "--service-account-signing-key-file=" + key,
                        "--disable-admission-plugins=ServiceAccount,DefaultStorageClass"));
        var config = new ConfigBuilder(Config.empty())
                .withMasterUrl(url)
                .withOauthToken(TOKEN)
                .withTrustCerts(true)
                .withNamespace("default")
                .build();
        try (var client = new KubernetesClientBuilder().withConfig(config).build()) {
            Eventually.await("the API server answers", BOUND, () -> isReady(client));
        }
        var manager = assets.resolve("kube-controller-manager");
        if (Files.isExecutable(manager)) {
            var kubeconfig = Files.writeString(directory.resolve("kubeconfig"), kubeconfig(url));
            run(
                    processes,
                    directory,
                    List.of(
                            manager.toString(),
                            "--kubeconfig=" + kubeconfig,
                            "--controllers=" + CONTROLLERS,
                            "--leader-elect=false",
                            "--secure-port=0"));
        }
        return config;
    }

    private static void run(List<NodeProcess> processes, Path directory, List<String> command) throws IOException {
        var process = new NodeProcess(Path.of(command.get(0)).getFileName().toString(), command, directory);
        processes.add(process);
        process.start();
    }

    private static boolean isReady(KubernetesClient client) {
        try {
            return client.namespaces().withName("default").get() != null;
        } catch (KubernetesClientException notYet) {
            return false;
        }
    }

    private static String privateKey() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            var bytes = generator.generateKeyPair().getPrivate().getEncoded();
            var text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
            return "-----BEGIN PRIVATE KEY-----\n" + text + "\n-----END PRIVATE KEY-----\n";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String kubeconfig(String url) {
        return """
                apiVersion: v1
                kind: Config
                current-context: test
                clusters: [{name: test, cluster: {server: "%s", insecure-skip-tls-verify: true}}]
                users: [{name: test, user: {token: %s}}]
                contexts: [{name: test, context: {cluster: test, user: test}}]
                """.formatted(url, TOKEN);
    }

    @Override
    public KubernetesClient client(String agent) {
        return new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(config)
                        .withUserAgent(agent)
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
    }

    @Override
    public PaperKubelet kubelet() {
        return kubelet;
    }

    @Override
    public Optional<ApiServer> paper() {
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        kubelet.close();
        for (var i = processes.size() - 1; i >= 0; i--) {
            processes.get(i).close();
        }
    }
}
