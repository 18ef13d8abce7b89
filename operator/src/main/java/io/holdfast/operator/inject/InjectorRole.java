package io.holdfast.operator.inject;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.holdfast.operator.Role;
import io.holdfast.operator.RoleStarter;
import io.holdfast.operator.StartRefused;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Starts the parts of the role {@code injector}. Startup observers run before the HTTP server opens its ports, so the
 * certificate's files are there when they are read.
 */
@ApplicationScoped
class InjectorRole {

    private static final Logger LOG = Logger.getLogger(InjectorRole.class);
    private static final String SELF_MADE = "self-made";
    private static final String MOUNTED = "mounted";
    private static final long KEEP_SECONDS = 600;

    private final RoleStarter role;
    private final InjectorConfig config;
    private final Config platform;
    private final KubernetesClient client;
    private final Clusters clusters;
    private final MeterRegistry metrics;
    private final AtomicLong ends = new AtomicLong();
    private final Clock clock = Clock.systemUTC();
    private @Nullable ScheduledExecutorService thread;
    private @Nullable NotInjectedWatcher watcher;

    InjectorRole(
            RoleStarter role,
            InjectorConfig config,
            Config platform,
            KubernetesClient client,
            Clusters clusters,
            MeterRegistry metrics) {
        this.role = role;
        this.config = config;
        this.platform = platform;
        this.client = client;
        this.clusters = clusters;
        this.metrics = metrics;
    }

    void start(@Observes StartupEvent event) {
        if (role.role() != Role.INJECTOR) {
            return;
        }
        String image = config.sidecarImage()
                .filter(text -> !text.isBlank())
                .orElseThrow(() -> new StartRefused(
                        "holdfast.injector.sidecar-image is missing: set HOLDFAST_INJECTOR_SIDECAR_IMAGE to the"
                                + " image of the sidecar"));
        if (!config.certificate().equals(SELF_MADE) && !config.certificate().equals(MOUNTED)) {
            throw new StartRefused("holdfast.injector.certificate: set it to " + SELF_MADE + " or " + MOUNTED
                    + ", not to \"" + config.certificate() + '"');
        }
        ScheduledExecutorService threads = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "holdfast-injector");
            made.setDaemon(true);
            return made;
        });
        thread = threads;
        if (config.certificate().equals(SELF_MADE)) {
            CertificateKeeper keeper = new CertificateKeeper(client, place());
            try {
                keep(keeper);
            } catch (KubernetesClientException | IllegalStateException e) {
                throw new StartRefused("the webhook has no certificate: " + line(e));
            }
            metrics.gauge("holdfast.operator.webhook.certificate.expiry.timestamp.seconds", ends);
            ScheduledFuture<?> unused = threads.scheduleWithFixedDelay(
                    () -> keepOrSay(keeper), KEEP_SECONDS, KEEP_SECONDS, TimeUnit.SECONDS);
        }
        NotInjectedWatcher pods =
                new NotInjectedWatcher(client, new Injection(image, clusters), threads, namespace(), clock);
        watcher = pods;
        pods.start();
    }

    private String namespace() {
        return platform.getOptionalValue("pod.namespace", String.class)
                .or(() -> Optional.ofNullable(client.getNamespace()))
                .orElse("holdfast-system");
    }

    private CertificateKeeper.Place place() {
        String host = config.service() + "." + namespace() + ".svc";
        return new CertificateKeeper.Place(
                namespace(),
                config.secret(),
                config.webhook(),
                List.of(host),
                file("quarkus.http.ssl.certificate.files"),
                file("quarkus.http.ssl.certificate.key-files"));
    }

    private Path file(String setting) {
        return platform.getOptionalValue(setting, String.class)
                .map(Path::of)
                .orElseThrow(() -> new StartRefused(
                        setting + " is missing: set it to the file where the webhook's certificate or key is written"));
    }

    private void keep(CertificateKeeper keeper) {
        ends.set(keeper.keep(clock.instant()).getEpochSecond());
    }

    private void keepOrSay(CertificateKeeper keeper) {
        try {
            keep(keeper);
        } catch (RuntimeException e) {
            LOG.warnf(
                    "the webhook's certificate could not be looked after, and is again in %d s: %s",
                    KEEP_SECONDS, line(e));
        }
    }

    private static String line(RuntimeException e) {
        String text = String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
        return text.length() > 400 ? text.substring(0, 400) + "…" : text;
    }

    void stop(@Observes ShutdownEvent event) {
        NotInjectedWatcher pods = watcher;
        if (pods != null) {
            pods.close();
        }
        ScheduledExecutorService threads = thread;
        if (threads != null) {
            threads.shutdownNow();
        }
    }
}
