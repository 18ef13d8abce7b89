package io.holdfast.operator.act;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.holdfast.operator.backup.Restores;
import io.holdfast.operator.crd.v1alpha1.TlsStage;
import io.holdfast.operator.desired.Labels;
import io.holdfast.operator.desired.StartConfig;
import io.holdfast.operator.desired.Transport;
import io.holdfast.operator.desired.VoterSet;
import io.holdfast.operator.look.LiveObjects;
import io.holdfast.operator.plan.Action;
import io.holdfast.operator.plan.Look;
import io.holdfast.operator.plan.Stage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How an ensemble begins, or is taken back: the start ConfigMap, and what is recorded of the ensemble. */
final class FoundingActs {

    private final Writes writes;
    private final LiveObjects live;
    private final VoterActs voters;
    private final Beginning beginning;

    FoundingActs(Writes writes, LiveObjects live, VoterActs voters, Beginning beginning) {
        this.writes = writes;
        this.live = live;
        this.voters = voters;
        this.beginning = beginning;
    }

    /** Whatever exists already was made by an earlier, interrupted attempt; a start that does not found ends it. */
    Outcome found(Site site) {
        Restores.Resolution begin = beginning.of(site).orElse(null);
        if (begin instanceof Restores.Refused refused) {
            return Beginning.refused(refused);
        }
        Restores.Source source = begin instanceof Restores.Source given ? given : null;
        StatefulSet first = VoterSet.of(site.cluster(), 1, source);
        Outcome start = createStart(site, StartConfig.founding(site.cluster()));
        if (!start.goesOn()) {
            return start;
        }
        boolean founds = live.get(
                        ConfigMap.class,
                        site.namespace(),
                        site.blueprint().names().start())
                .map(map -> map.getData() != null && map.getData().containsKey(StartConfig.MEMBERS))
                .orElse(false);
        if (!founds) {
            return Outcome.stale("the start settings do not found an ensemble any more");
        }
        if (!site.cluster().getSpec().storage().ephemeral()) {
            Outcome claim = voters.createClaim(site, 1, null);
            if (!claim.goesOn()) {
                return claim;
            }
        }
        return voters.createSet(site, first);
    }

    Outcome adopt(Site site, Action.Adopt action) {
        Outcome outcome = join(site, version(action.start()), action.voters());
        for (Look.Claim claim : action.claims()) {
            if (!outcome.goesOn()) {
                return outcome;
            }
            String uid = site.cluster().getMetadata().getUid();
            outcome = claim.madeFor().equals(uid)
                    ? outcome
                    : voters.labelClaim(site, claim.version(), Labels.CLUSTER_UID, uid);
        }
        for (int id : action.voters()) {
            if (!outcome.goesOn()) {
                return outcome;
            }
            if (!site.sight().objects().sets().containsKey(id)) {
                outcome = voters.createSet(site, id);
            }
        }
        return outcome;
    }

    private static Look.@Nullable Version version(Look.Start start) {
        if (start instanceof Look.Start.Founding founding) {
            return founding.version();
        }
        return start instanceof Look.Start.Joining joining ? joining.version() : null;
    }

    Outcome join(Site site, Look.@Nullable Version start, List<Integer> ids) {
        ConfigMap map = StartConfig.joining(site.cluster(), ids);
        if (start == null) {
            return createStart(site, map);
        }
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        map.getData().forEach(data::put);
        return writes.patch(ConfigMap.class, site.namespace(), start, new JsonPatch(start).set("/data", data));
    }

    private Outcome createStart(Site site, ConfigMap map) {
        return writes.create(map, present -> site.blueprint().isOurs(present));
    }

    Outcome recordGeneration(Site site, long generation, int nextId) {
        return site.record().write(status -> {
            status.put("generation", generation)
                    .put("nextId", Math.max(nextId, status.path("nextId").asInt()));
            if (Transport.wanted(site.cluster()) == TlsStage.SECURED) {
                status.withObject("/tls").put("stage", text(TlsStage.SECURED));
            }
        });
    }

    /** Pods are made from the rest of what was rendered last, whatever is wanted now. */
    Outcome dropRestore(Site site, Action.DropRestore action) {
        return voters.setTemplate(site, action.set(), present -> VoterSet.withoutRestore(present));
    }

    Outcome secure(Site site, Stage stage) {
        return site.record()
                .write(status -> status.withObject("/tls").put("stage", text(TlsStage.valueOf(stage.name()))));
    }

    private static String text(TlsStage stage) {
        return switch (stage) {
            case PLAIN -> "Plain";
            case BRIDGE -> "Bridge";
            case SECURED -> "Secured";
        };
    }

    Outcome initialize(Site site) {
        return site.record().write(status -> status.put("initialized", true));
    }
}
