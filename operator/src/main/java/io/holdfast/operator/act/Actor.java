package io.holdfast.operator.act;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.desired.Labels;
import io.holdfast.operator.desired.SpecRefusedException;
import io.holdfast.operator.look.Blueprint;
import io.holdfast.operator.look.LiveObjects;
import io.holdfast.operator.look.ServiceCalls;
import io.holdfast.operator.look.Sight;
import io.holdfast.operator.look.Texts;
import io.holdfast.operator.plan.Action;
import org.jspecify.annotations.Nullable;

/**
 * Carries out one action. Every write has what the look saw as its precondition; what an action is about to make is
 * written down before it is made. Any thread.
 */
public final class Actor {

    private final FoundingActs founding;
    private final VoterActs voters;
    private final MemberActs members;
    private final ObserverActs observers;
    private final RecoveryActs recovery;

    /** Creates one. */
    public Actor(KubernetesClient client, Writes writes, LiveObjects live, ServiceCalls calls) {
        var json = client.getKubernetesSerialization();
        var beginning = new Beginning(live);
        this.voters = new VoterActs(writes, json, beginning);
        this.founding = new FoundingActs(writes, live, voters, beginning);
        this.members = new MemberActs(calls);
        this.observers = new ObserverActs(writes, json);
        this.recovery = new RecoveryActs(writes, live, voters);
    }

    /**
     * Carries out an action.
     *
     * @param record of the cluster's status, which actions write, too
     */
    public Outcome act(Sight sight, Action action, StatusRecord<LockCluster> record) throws InterruptedException {
        Site site = new Site(sight, new Blueprint(sight.cluster()), record);
        try {
            Outcome outcome = onEnsemble(site, action);
            if (outcome == null) {
                outcome = onMembers(site, action);
            }
            if (outcome == null) {
                outcome = onVoters(site, action);
            }
            return outcome == null ? Outcome.NOTHING : outcome;
        } catch (SpecRefusedException e) {
            return Outcome.blocked(Texts.line(e));
        }
    }

    private @Nullable Outcome onEnsemble(Site site, Action action) {
        if (action instanceof Action.Found) {
            return founding.found(site);
        }
        if (action instanceof Action.Adopt adopt) {
            return founding.adopt(site, adopt);
        }
        if (action instanceof Action.RecordGeneration record) {
            return founding.recordGeneration(site, record.generation(), record.nextId());
        }
        if (action instanceof Action.CloseFounding close) {
            return founding.join(site, close.start(), close.voters());
        }
        if (action instanceof Action.UpdateJoin join) {
            return founding.join(site, join.start(), join.voters());
        }
        if (action instanceof Action.DropRestore drop) {
            return founding.dropRestore(site, drop);
        }
        if (action instanceof Action.LabelClaim label) {
            return voters.labelClaim(site, label.claim(), Labels.GENERATION, Long.toString(label.generation()));
        }
        if (action instanceof Action.Secure secure) {
            return founding.secure(site, secure.stage());
        }
        if (action instanceof Action.Initialize) {
            return founding.initialize(site);
        }
        if (action instanceof Action.StopVoters stop) {
            return recovery.stop(site, stop.sets());
        }
        if (action instanceof Action.ExamineVolume examine) {
            return recovery.examine(site, examine);
        }
        if (action instanceof Action.ConfirmRecovery confirm) {
            return recovery.confirm(site, confirm);
        }
        return action instanceof Action.BeginGeneration begin ? recovery.begin(site, begin) : null;
    }

    private @Nullable Outcome onMembers(Site site, Action action) throws InterruptedException {
        if (action instanceof Action.AddMember add) {
            return members.add(site, add);
        }
        if (action instanceof Action.Promote promote) {
            return members.promote(site, promote);
        }
        if (action instanceof Action.RemoveMember remove) {
            return members.remove(site, remove);
        }
        return action instanceof Action.HandOver handOver ? members.handOver(site, handOver) : null;
    }

    private @Nullable Outcome onVoters(Site site, Action action) {
        if (action instanceof Action.Recreate recreate) {
            return voters.recreateSet(site, recreate.id());
        }
        if (action instanceof Action.NewVoter voter) {
            return voters.newVoter(site, voter.id());
        }
        if (action instanceof Action.Start start) {
            return voters.scale(site, start.set(), 1);
        }
        if (action instanceof Action.ApplyTemplate template) {
            return voters.applyTemplate(site, template);
        }
        if (action instanceof Action.Evict evict) {
            return voters.evict(site, evict.pod());
        }
        if (action instanceof Action.MarkLeaving leaving) {
            return voters.markLeaving(site, leaving);
        }
        if (action instanceof Action.DeleteVoter delete) {
            return voters.deleteVoter(site, delete);
        }
        return onVolumes(site, action);
    }

    private @Nullable Outcome onVolumes(Site site, Action action) {
        if (action instanceof Action.ReplaceClaim replace) {
            return voters.replaceClaim(site, replace);
        }
        if (action instanceof Action.MakeClaim make) {
            return voters.createClaim(
                    site, make.id(), site.sight().look().recorded().generation());
        }
        if (action instanceof Action.Resize resize) {
            return voters.resize(site, resize);
        }
        if (action instanceof Action.MakeObservers make) {
            return observers.make(site, make);
        }
        return action instanceof Action.ScaleObservers scale ? voters.scale(site, scale.set(), scale.replicas()) : null;
    }
}
