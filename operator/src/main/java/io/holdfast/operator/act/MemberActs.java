package io.holdfast.operator.act;

import io.holdfast.api.ClusterBody;
import io.holdfast.api.MembersChange;
import io.holdfast.api.ProblemType;
import io.holdfast.operator.desired.Labels;
import io.holdfast.operator.look.Answer;
import io.holdfast.operator.look.Blueprint;
import io.holdfast.operator.look.Endpoint;
import io.holdfast.operator.look.ServiceCalls;
import io.holdfast.operator.plan.Action;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Changes of the members, at the leader that the look found. Right before each, the same address is asked again whether
 * that ensemble still leads there: an address of a pod may belong to another one by now, whose versions count too.
 */
final class MemberActs {

    private static final Set<String> LASTING = Set.of(
            ProblemType.WOULD_LOSE_QUORUM.slug(),
            ProblemType.NO_SUCCESSOR.slug(),
            ProblemType.MEMBER_MISMATCH.slug(),
            ProblemType.INVALID_REQUEST.slug());

    private final ServiceCalls calls;

    MemberActs(ServiceCalls calls) {
        this.calls = calls;
    }

    /** A request to the leader. */
    @FunctionalInterface
    private interface Change<T> {
        Answer<T> at(Endpoint leader) throws InterruptedException;
    }

    Outcome promote(Site site, Action.Promote action) throws InterruptedException {
        return changed(site, action.ifVersion(), at -> calls.promote(at, action.id(), action.ifVersion()));
    }

    Outcome add(Site site, Action.AddMember action) throws InterruptedException {
        Optional<String> address = address(site, action.id());
        if (address.isEmpty()) {
            return Outcome.stale("the pod of member " + action.id() + " is gone");
        }
        return changed(site, action.ifVersion(), at -> calls.add(at, action.id(), address.get(), action.ifVersion()));
    }

    private static Optional<String> address(Site site, int id) {
        var names = site.blueprint().names();
        if (id <= Blueprint.VOTER_ID_MAX) {
            return Optional.of(names.address(id));
        }
        return site.sight()
                .objects()
                .pod(id)
                .map(pod -> pod.getMetadata().getLabels().get(Labels.OBSERVERS))
                .map(set -> names.address(set, id));
    }

    Outcome remove(Site site, Action.RemoveMember action) throws InterruptedException {
        return changed(site, action.ifVersion(), at -> calls.remove(at, action.id(), action.ifVersion()));
    }

    Outcome handOver(Site site, Action.HandOver action) throws InterruptedException {
        return ask(
                site,
                null,
                at -> at.node() == action.from()
                        ? calls.transfer(at, action.to())
                        : new Answer.None<>("node " + at.node() + " leads, not node " + action.from()),
                body -> body.leader() != null && body.leader() == action.to()
                        ? Outcome.DONE
                        : Outcome.stale("node " + action.to() + " does not lead yet"));
    }

    private Outcome changed(Site site, long ifVersion, Change<MembersChange> change) throws InterruptedException {
        return ask(site, ifVersion, change, done -> done.changed() ? Outcome.DONE : Outcome.NOTHING);
    }

    private <T> Outcome ask(Site site, @Nullable Long ifVersion, Change<T> change, Function<T, Outcome> given)
            throws InterruptedException {
        Endpoint leader = site.sight().service().leader();
        ClusterBody seen = site.sight().service().view();
        if (leader == null || seen == null) {
            return Outcome.stale("no leader was found");
        }
        Answer<ClusterBody> present = calls.cluster(leader);
        ClusterBody now = present.value().orElse(null);
        if (now == null) {
            return Outcome.stale("node " + leader.node() + ": " + present.why());
        }
        if (now.generation() != seen.generation()
                || now.epoch() != seen.epoch()
                || (ifVersion != null && now.configurationVersion() != ifVersion)) {
            return Outcome.stale("the ensemble has changed since it was looked at");
        }
        Answer<T> answer = change.at(leader);
        if (answer.value().isPresent()) {
            return given.apply(answer.value().get());
        }
        return LASTING.contains(answer.slug()) ? Outcome.blocked(answer.why()) : Outcome.stale(answer.why());
    }
}
