package io.holdfast.sidecar;

import com.sun.net.httpserver.HttpHandler;
import io.holdfast.api.EventBatch;
import io.holdfast.client.EventSubscription;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.LeaderElection;
import io.holdfast.sidecar.core.Answers;
import io.holdfast.sidecar.core.Audience;
import io.holdfast.sidecar.core.Clock;
import io.holdfast.sidecar.core.Eligibility;
import io.holdfast.sidecar.core.Follower;
import io.holdfast.sidecar.core.LeaderView;
import io.holdfast.sidecar.core.Leadership;
import io.holdfast.sidecar.core.Moment;
import io.holdfast.sidecar.hook.HookRunner;
import io.holdfast.sidecar.http.BoundedServer;
import io.holdfast.sidecar.http.EventHub;
import io.holdfast.sidecar.http.LocalApi;
import io.holdfast.sidecar.http.ProbeApi;
import io.holdfast.sidecar.kubernetes.KubernetesApi;
import io.holdfast.sidecar.kubernetes.LeaderSlice;
import io.holdfast.sidecar.kubernetes.PodLabel;
import io.holdfast.sidecar.kubernetes.Upkeeper;
import io.holdfast.sidecar.settings.KubernetesSettings;
import io.holdfast.sidecar.settings.PodLabelMode;
import io.holdfast.sidecar.settings.Settings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A sidecar that runs: puts its parts together and ends them in order. */
final class Sidecar implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Sidecar.class.getName());
    private static final Duration BEAT = Duration.ofSeconds(5);
    private static final Duration KUBERNETES_TIME = Duration.ofSeconds(5);
    private static final Duration FLUSH_TIME = Duration.ofMillis(800);
    private static final long LIFE_MILLIS = 10_000;

    /** The kinds of events after which another candidate may lead, or none. */
    private static final String[] KINDS = {"granted", "released", "expired", "transferred", "broken"};

    /** As many requests of programs beside the readers of events. */
    private static final int REQUESTS_MAX = 8;

    private static final int PROBES_MAX = 4;

    private final Clock clock;
    private final List<Upkeeper> upkeepers = new CopyOnWriteArrayList<>();
    private final ScheduledThreadPoolExecutor ticker = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "holdfast-ticker");
        thread.setDaemon(true);
        return thread;
    });
    private final EventHub hub;
    private final Leadership leadership;
    private final Follower follower;
    private final Eligibility eligibility;
    private final PodEnd end;
    private final HoldfastClient client;
    private final BoundedServer local;
    private final BoundedServer probes;
    private final Settings settings;
    private volatile Moment ticked;
    private @Nullable LeaderElection election;
    private @Nullable EventSubscription events;

    /** Puts the parts together and binds its ports; nothing is sent yet. */
    Sidecar(Settings settings, Clock clock) throws IOException {
        this.settings = settings;
        this.clock = clock;
        this.ticked = clock.now();
        LeaderView view = new LeaderView();
        hub = new EventHub(clock, BEAT);
        HookRunner hooks =
                new HookRunner(settings.election(), settings.candidate(), settings.onElected(), settings.onStop());
        Leadership.Terms terms =
                new Leadership.Terms(settings.candidate(), settings.metadata(), settings.session(), settings.grace());
        leadership = new Leadership(terms, view, clock, hooks, new Both());
        Answers answers =
                new Answers(settings.election(), settings.candidate(), settings.ttl(), leadership, view, clock);
        hub.attach(answers);
        view.onChange(hub::leaderChanged);
        eligibility = new Eligibility(settings.eligible(), this::nudge);
        end = new PodEnd(leadership, eligibility, clock, settings.drain(), settings.workPort());
        Optional<KubernetesApi> kubernetes = upkeep(settings.kubernetes(), view);
        client = settings.client();
        follower = new Follower(
                () -> client.locks().get(settings.election()),
                view,
                clock,
                settings.ttl().dividedBy(3));
        local = bind(
                "HOLDFAST_LISTEN",
                "holdfast-http",
                settings.listen(),
                new LocalApi(answers, leadership, follower, hub, settings.drain()));
        Metrics metrics = new Metrics(answers, leadership, eligibility, hooks, hub, kubernetes);
        probes = bind(
                "HOLDFAST_PROBE_LISTEN",
                "holdfast-probe",
                settings.probes(),
                new ProbeApi(this::lives, answers::isReady, metrics, end::announced));
    }

    private BoundedServer bind(String variable, String threads, InetSocketAddress address, HttpHandler handler)
            throws IOException {
        int most = handler instanceof LocalApi ? REQUESTS_MAX + EventHub.READERS_MAX : PROBES_MAX;
        try {
            return new BoundedServer(threads, address, most, handler);
        } catch (IOException e) {
            throw new IOException(
                    variable + ": " + address.getAddress().getHostAddress() + ":" + address.getPort()
                            + " cannot be listened on (" + e.getMessage() + "): end what listens there, or set another",
                    e);
        }
    }

    private Optional<KubernetesApi> upkeep(KubernetesSettings kubernetes, LeaderView view) {
        if (!kubernetes.isUsed()) {
            return Optional.empty();
        }
        KubernetesApi api = new KubernetesApi(kubernetes, KUBERNETES_TIME);
        if (kubernetes.label() != PodLabelMode.OFF) {
            upkeepers.add(Upkeeper.of(new PodLabel(api, kubernetes.pod(), kubernetes.label(), leadership, view)));
        }
        kubernetes
                .slice()
                .ifPresent(slice -> upkeepers.add(
                        Upkeeper.of(new LeaderSlice(api, kubernetes.pod(), slice, leadership, eligibility::isReady))));
        return Optional.of(api);
    }

    /** What is told to programs also has the cluster changed. */
    private final class Both implements Audience {
        @Override
        public void leaderChanged() {
            hub.leaderChanged();
            nudge();
        }

        @Override
        public void stopping(long token, Duration within, String reason) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "the leadership with token " + token + " ends: " + reason + ", within " + within.toMillis()
                            + " ms");
            hub.stopping(token, within, reason);
        }

        @Override
        public void lost(long token, String cause) {
            LOG.log(System.Logger.Level.WARNING, "the leadership with token " + token + " is lost: " + cause);
            hub.lost(token, cause);
        }
    }

    private void nudge() {
        upkeepers.forEach(Upkeeper::nudge);
    }

    /** Starts to serve, to follow and to stand. */
    void start() {
        ScheduledFuture<?> unused = ticker.scheduleWithFixedDelay(this::tick, 0, 1, TimeUnit.SECONDS);
        local.start();
        probes.start();
        follower.start();
        eligibility.start();
        upkeepers.forEach(Upkeeper::start);
        follow();
        LeaderElection standing = client.election(settings.election())
                .candidate(settings.candidate())
                .metadata(settings.metadata())
                .eligible(eligibility::mayStand)
                .start(leadership);
        election = standing;
        leadership.attach(standing);
        LOG.log(
                System.Logger.Level.INFO,
                "candidate " + settings.candidate() + " of the election " + settings.election() + " answers at port "
                        + local.port() + ", probes at port " + probes.port());
    }

    private void follow() {
        EventSubscription next = client.events(settings.election()).kinds(KINDS).start(this::happened);
        events = next;
        CompletableFuture<Void> unused = next.ended().whenComplete((nothing, failure) -> {
            if (failure != null) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "events are refused, so changes are told late: " + failure.getMessage());
            }
        });
    }

    private void happened(EventBatch.Event event) {
        List<EventBatch.Change> changes = event.data().changes();
        if (changes == null
                || changes.stream().anyMatch(change -> settings.election().equals(change.lock()))) {
            follower.nudge();
        }
    }

    private void tick() {
        ticked = clock.now();
        hub.tick();
    }

    private boolean lives() {
        return ticked.millisUntil(clock.now()) < LIFE_MILLIS;
    }

    /** The port where programs ask. */
    int port() {
        return local.port();
    }

    /** Gives up what it has once the application has ended, and ends. */
    void terminate() {
        end.awaitApplication();
        Leadership.Outcome outcome = leadership.shutDown();
        LeaderElection standing = election;
        if (standing != null) {
            standing.close();
        }
        nudge();
        try {
            for (Upkeeper upkeeper : upkeepers) {
                boolean done = upkeeper.flush(FLUSH_TIME);
                LOG.log(System.Logger.Level.DEBUG, "{0}, what the cluster has to know is written: {1}", outcome, done);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        close();
    }

    @Override
    public void close() {
        upkeepers.forEach(Upkeeper::close);
        EventSubscription following = events;
        if (following != null) {
            following.close();
        }
        eligibility.close();
        follower.close();
        client.close();
        hub.close(FLUSH_TIME);
        ticker.shutdownNow();
        local.close();
        probes.close();
    }
}
