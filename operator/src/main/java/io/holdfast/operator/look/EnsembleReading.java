package io.holdfast.operator.look;

import io.holdfast.api.ClusterBody;
import io.holdfast.api.MembersChange;
import io.holdfast.operator.plan.Look;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Asks the service which of its nodes leads, and whether a quorum confirms that. The leader's view counts only when it
 * named itself in the same epoch before and after the probe.
 */
final class EnsembleReading {

    /**
     * What was found.
     *
     * @param ensemble for the planner
     * @param leader where changes go; absent when no quorum confirmed one
     * @param view of the leader; absent as well
     */
    record Found(
            Look.Ensemble ensemble,
            @Nullable Endpoint leader,
            @Nullable ClusterBody view) {}

    private final ServiceCalls calls;
    private final BiPredicate<Integer, String> ours;

    /**
     * Creates one for a look.
     *
     * @param ours whether a member of this id at this address is a pod of ours
     */
    EnsembleReading(ServiceCalls calls, BiPredicate<Integer, String> ours) {
        this.calls = calls;
        this.ours = ours;
    }

    /**
     * Finds the leader and has a quorum confirm it.
     *
     * @param answers of all pods
     * @param generation that was recorded; absent before
     * @param since when no quorum confirmed anything for the first time; the time of the look if it did until now
     */
    Found read(Map<Endpoint, Answer<ClusterBody>> answers, @Nullable Long generation, Instant since)
            throws InterruptedException {
        List<ClusterBody> given = answers.values().stream()
                .flatMap(answer -> answer.value().stream())
                .toList();
        if (given.isEmpty()) {
            return doubt(Look.Doubt.NO_ANSWER, since, silence(answers));
        }
        Optional<Map.Entry<Endpoint, ClusterBody>> leads = leader(answers, generation);
        if (leads.isEmpty()) {
            return doubt(Look.Doubt.NO_QUORUM, since, noLeader(given));
        }
        Endpoint at = leads.get().getKey();
        ClusterBody before = leads.get().getValue();
        Optional<ClusterBody> other = given.stream()
                .filter(body -> body.generation() == before.generation() && body.epoch() == before.epoch())
                .filter(body -> body.leader() != null && !Objects.equals(body.leader(), before.leader()))
                .findFirst();
        if (other.isPresent()) {
            return doubt(
                    Look.Doubt.CONTRADICTION,
                    since,
                    "in epoch " + before.epoch() + " node " + before.node() + " names itself as leader, and node "
                            + other.get().node() + " names " + other.get().leader());
        }
        Answer<MembersChange> probe = calls.probe(at, at.node());
        if (probe.value().isEmpty()) {
            return doubt(
                    Look.Doubt.NO_QUORUM,
                    since,
                    "node " + at.node() + " leads, and no quorum confirmed a read: " + probe.why());
        }
        Answer<ClusterBody> after = calls.cluster(at);
        ClusterBody view = after.value().orElse(null);
        if (view == null || view.epoch() != before.epoch() || !leadsItself(view)) {
            return doubt(
                    Look.Doubt.NO_QUORUM,
                    since,
                    "node " + at.node() + " did not lead any more after a quorum had confirmed a read" + after.why());
        }
        return new Found(confirmed(view), at, view);
    }

    private static boolean leadsItself(ClusterBody body) {
        return body.leader() != null && body.leader() == body.node();
    }

    private static Optional<Map.Entry<Endpoint, ClusterBody>> leader(
            Map<Endpoint, Answer<ClusterBody>> answers, @Nullable Long generation) {
        Comparator<Map.Entry<Endpoint, ClusterBody>> best = Comparator.comparing(
                entry -> generation != null && entry.getValue().generation() == generation);
        return answers.entrySet().stream()
                .flatMap(entry -> entry.getValue().value().stream().map(body -> Map.entry(entry.getKey(), body)))
                .filter(entry -> leadsItself(entry.getValue()))
                .max(best.thenComparing(entry -> entry.getValue().epoch()));
    }

    private Look.Ensemble confirmed(ClusterBody view) {
        return new Look.Ensemble.Confirmed(
                view.node(),
                view.epoch(),
                view.generation(),
                view.configurationVersion(),
                view.level(),
                view.pending() != null,
                view.settled(),
                view.members().stream()
                        .sorted(Comparator.comparingInt(ClusterBody.Member::id))
                        .map(this::member)
                        .toList());
    }

    private Look.Member member(ClusterBody.Member member) {
        return new Look.Member(
                member.id(),
                "voter".equals(member.role()),
                ours.test(member.id(), member.address()),
                member.state(),
                member.phase(),
                member.lag(),
                member.disk(),
                member.votingDisk());
    }

    private static Found doubt(Look.Doubt doubt, Instant since, String detail) {
        return new Found(new Look.Ensemble.Unconfirmed(doubt, since, Texts.line(detail)), null, null);
    }

    private static String silence(Map<Endpoint, Answer<ClusterBody>> answers) {
        if (answers.isEmpty()) {
            return "no pod has an address";
        }
        return answers.entrySet().stream()
                .map(entry -> "node " + entry.getKey().node() + ": "
                        + entry.getValue().why())
                .collect(Collectors.joining("; "));
    }

    private static String noLeader(List<ClusterBody> given) {
        return given.stream()
                .map(body -> "node " + body.node()
                        + (body.leader() == null
                                ? " knows no leader"
                                : " names " + body.leader() + " as leader, which did not answer as such"))
                .collect(Collectors.joining("; "));
    }
}
