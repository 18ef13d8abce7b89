package io.holdfast.operator.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.holdfast.operator.act.Actor;
import io.holdfast.operator.act.Outcome;
import io.holdfast.operator.act.StatusRecord;
import io.holdfast.operator.act.Writes;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.crd.v1alpha1.LockObservers;
import io.holdfast.operator.look.Complaint;
import io.holdfast.operator.look.LiveObjects;
import io.holdfast.operator.look.Looker;
import io.holdfast.operator.look.Sight;
import io.holdfast.operator.look.Texts;
import io.holdfast.operator.plan.Action;
import io.holdfast.operator.plan.Decision;
import io.holdfast.operator.plan.Planner;
import io.holdfast.operator.plan.model.Forecast;
import io.holdfast.operator.policy.PolicyPass;
import io.holdfast.operator.status.Actions;
import io.holdfast.operator.status.ObserversStatus;
import io.holdfast.operator.status.OperatorMetrics;
import io.holdfast.operator.status.Report;
import io.holdfast.operator.status.ReportEvents;
import io.holdfast.operator.status.StatusWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One pass over one cluster: look, apply what is shared, decide, act, report. Nothing is kept from one pass to the
 * next. Any thread, but one at a time for a cluster.
 */
public final class ClusterPass {

    private static final int PLAN_MAX = 64;

    private final KubernetesClient client;
    private final Looker looker;
    private final LiveObjects live;
    private final Actor actor;
    private final Writes writes;
    private final RollingTurn turn;
    private final ReportEvents events;
    private final OperatorMetrics metrics;
    private final PolicyPass policies;
    private final Clock clock;
    private final OperatorConfig.Look intervals;

    /** Creates one. */
    ClusterPass(
            KubernetesClient client,
            Parts parts,
            RollingTurn turn,
            OperatorMetrics metrics,
            Clock clock,
            OperatorConfig.Look intervals) {
        this.client = client;
        this.looker = parts.looker();
        this.live = parts.live();
        this.actor = parts.actor();
        this.writes = parts.writes();
        this.events = parts.events();
        this.policies = parts.policies();
        this.turn = turn;
        this.metrics = metrics;
        this.clock = clock;
        this.intervals = intervals;
    }

    /** What a pass works with. */
    record Parts(
            Looker looker, LiveObjects live, Actor actor, Writes writes, ReportEvents events, PolicyPass policies) {}

    /**
     * Passes over a cluster once, and returns when to pass again; nothing when there is no such cluster.
     *
     * @throws io.fabric8.kubernetes.client.KubernetesClientException when the API server does not answer
     */
    public Optional<Duration> pass(String namespace, String name) throws InterruptedException {
        try {
            return passed(namespace, name);
        } finally {
            turn.end();
        }
    }

    private Optional<Duration> passed(String namespace, String name) throws InterruptedException {
        Instant begin = clock.instant();
        Optional<Sight> seen;
        try {
            seen = looker.look(namespace, name, turn::take);
        } catch (IllegalArgumentException e) {
            return refused(namespace, name, e);
        }
        metrics.looked(Duration.between(begin, clock.instant()));
        if (seen.isEmpty()) {
            metrics.forget(namespace, name);
            return Optional.empty();
        }
        Sight sight = seen.get();
        StatusRecord<LockCluster> record =
                new StatusRecord<>(writes, client.getKubernetesSerialization(), LockCluster.class, sight.cluster());
        Instant now = clock.instant();
        Decision decision = Planner.decide(sight.look(), now);
        List<Complaint> complaints = new ArrayList<>(sight.complaints());
        Outcome outcome = sight.dryRun() ? Outcome.NOTHING : act(sight, decision.action(), record, complaints);
        Report report = new Report(sight, decision, outcome, complaints, now);
        StatusWriter status = new StatusWriter(report);
        events.write(report, status);
        events.complain(sight.cluster(), complaints);
        status.write(record, sight.dryRun() ? Forecast.of(sight.look(), now, PLAN_MAX) : List.of());
        observers(report);
        if (!sight.dryRun() && !sight.look().wanted().paused()) {
            policies.pass(sight, now);
        }
        show(report, status);
        return Optional.of(next(decision, outcome));
    }

    /** A specification of which not even names follow: no more than that can be said. */
    private Optional<Duration> refused(String namespace, String name, IllegalArgumentException e) {
        Optional<LockCluster> cluster = live.get(LockCluster.class, namespace, name);
        cluster.ifPresent(present -> events.refuse(
                new StatusRecord<>(writes, client.getKubernetesSerialization(), LockCluster.class, present),
                Texts.line(e),
                clock.instant()));
        return cluster.map(present -> intervals.converged());
    }

    /** The budget and the Services come first: no pod is taken down while the budget is not what it is to be. */
    private Outcome act(Sight sight, Action action, StatusRecord<LockCluster> record, List<Complaint> complaints)
            throws InterruptedException {
        if (sight.look().wanted().paused() || !sight.look().foreign().isEmpty()) {
            return Outcome.NOTHING;
        }
        Outcome applied = new SharedApply(client, writes).apply(sight, complaints);
        if (!applied.goesOn()) {
            return applied;
        }
        Outcome kept = new CertificateKeeping(live, writes).keep(sight, action, complaints, clock.instant());
        if (!kept.goesOn()) {
            return kept;
        }
        Outcome outcome = actor.act(sight, action, record);
        if (outcome.kind() == Outcome.Kind.DONE) {
            metrics.acted(Actions.name(action));
        }
        return outcome;
    }

    private void observers(Report report) {
        for (LockObservers observers : report.sight().objects().observers().values()) {
            // An action of this pass may have written it: then the next pass does.
            ObserversStatus.write(
                    report,
                    new StatusRecord<>(writes, client.getKubernetesSerialization(), LockObservers.class, observers));
        }
    }

    private void show(Report report, StatusWriter status) {
        LockCluster cluster = report.sight().cluster();
        boolean waits = report.shown() instanceof Action.Wait
                || report.look().wanted().refusal() != null
                || report.outcome().kind() == Outcome.Kind.WAIT
                || report.outcome().kind() == Outcome.Kind.BLOCKED;
        metrics.show(cluster.getMetadata().getNamespace(), cluster.getMetadata().getName(), status.shown(waits));
    }

    private Duration next(Decision decision, Outcome outcome) {
        if (outcome.kind() == Outcome.Kind.DONE) {
            return intervals.afterAction();
        }
        boolean rests = decision.action() instanceof Action.Converged
                || (decision.action() instanceof Action.Wait wait && wait.reason() == Action.Reason.PAUSED);
        return rests && outcome.goesOn() ? intervals.converged() : intervals.progressing();
    }
}
