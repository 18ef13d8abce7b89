package io.holdfast.operator.desired;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.holdfast.operator.backup.Restores;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The StatefulSet of one voter. */
public final class VoterSet {

    /** The voter that founds an ensemble. */
    private static final int FOUNDER = 1;

    private static final String NODE_ID = "HOLDFAST_NODE_ID";
    private static final String ADVERTISED = "HOLDFAST_HTTP_ADVERTISED";

    private VoterSet() {}

    /**
     * Returns the StatefulSet of a voter, with one replica.
     *
     * @throws SpecRefusedException when the specification cannot be carried out
     */
    public static StatefulSet of(LockCluster cluster, int id) {
        return of(cluster, id, null);
    }

    /**
     * Returns the StatefulSet of a voter, with one replica.
     *
     * @param source the file that the ensemble begins with. Voter 1 has an init container for it as long as the
     *     cluster's status has no generation; it has no part in the hash, so that no pod is made anew when it goes
     * @throws SpecRefusedException when the specification cannot be carried out
     */
    public static StatefulSet of(LockCluster cluster, int id, Restores.@Nullable Source source) {
        var names = new Names(cluster);
        var labels = Labels.ofVoter(cluster, id);
        var member = new MemberPod.Member(
                labels,
                Labels.selectMembers(cluster, Labels.VOTER),
                identity(cluster, id),
                cluster.getSpec().resources(),
                List.of(data(cluster, names.voter(id))),
                names.pod(id),
                new Transport(cluster).volumeOf(names.pod(id)));
        var template = PodTemplateOverlay.over(
                MemberPod.of(cluster, member), cluster.getSpec().podTemplate());
        var hash = Hash.of(template);
        var status = cluster.getStatus();
        boolean founds = id == FOUNDER && (status == null || status.generation() == null);
        var whole = founds && source != null ? InitialRestore.into(template, cluster, source) : template;
        return set(cluster, id, whole, hash);
    }

    /**
     * Returns the StatefulSet of a voter, made as that of another one was: for a voter that is lost while the
     * specification cannot be carried out.
     *
     * @param other StatefulSet of another voter of the cluster
     */
    public static StatefulSet like(StatefulSet other, LockCluster cluster, int id) {
        var names = new Names(cluster);
        String pod = names.pod(id);
        var labels = other.getSpec().getTemplate().getMetadata().getLabels();
        String otherPod = names.pod(Integer.parseInt(labels.get(Labels.MEMBER)));
        var template = withoutRestore(other.getSpec().getTemplate())
                .edit()
                .editMetadata()
                .addToLabels(Labels.MEMBER, Integer.toString(id))
                .removeFromAnnotations(Labels.TEMPLATE)
                .endMetadata()
                .editSpec()
                .editMatchingContainer(container -> container.getName().equals(MemberPod.CONTAINER))
                .removeMatchingFromEnv(variable -> NODE_ID.equals(variable.getName()))
                .addToEnv(0, nodeId(id))
                .endContainer()
                .removeMatchingFromVolumes(volume -> volume.getName().equals(MemberPod.DATA))
                .addToVolumes(0, data(cluster, names.voter(id)))
                .endSpec()
                .build();
        // What else is named after the pod: its address, and the files of its certificate.
        for (var container : template.getSpec().getContainers()) {
            container.getEnv().stream()
                    .filter(variable -> variable.getValue() != null)
                    .forEach(variable -> variable.setValue(variable.getValue().replace(otherPod, pod)));
        }
        for (var volume : template.getSpec().getVolumes()) {
            if (volume.getSecret() != null && volume.getSecret().getItems() != null) {
                volume.getSecret().getItems().forEach(item -> {
                    item.setKey(item.getKey().replace(otherPod, pod));
                    item.setPath(item.getPath().replace(otherPod, pod));
                });
            }
        }
        return set(cluster, id, template, Hash.of(template));
    }

    private static StatefulSet set(LockCluster cluster, int id, PodTemplateSpec template, String hash) {
        var names = new Names(cluster);
        return MemberSet.of(
                        Metadata.of(cluster, names.voter(id), Labels.ofVoter(cluster, id)),
                        names.peers(),
                        Labels.selectVoter(cluster, id),
                        template,
                        hash)
                .edit()
                .editSpec()
                .withReplicas(1)
                .withPersistentVolumeClaimRetentionPolicy(MemberSet.retention("Retain"))
                .endSpec()
                .build();
    }

    /** Returns a template of a voter without what restores a backup. */
    public static PodTemplateSpec withoutRestore(PodTemplateSpec template) {
        return InitialRestore.outOf(template);
    }

    /** Returns whether a pod restores a backup before its server starts. */
    public static boolean restores(@Nullable PodSpec pod) {
        return pod != null && InitialRestore.isIn(pod);
    }

    private static List<EnvVar> identity(LockCluster cluster, int id) {
        return List.of(
                nodeId(id), new EnvVar(ADVERTISED, new Transport(cluster).url(new Names(cluster).pod(id)), null));
    }

    private static EnvVar nodeId(int id) {
        return new EnvVar(NODE_ID, Integer.toString(id), null);
    }

    private static Volume data(LockCluster cluster, String claim) {
        var volume = new VolumeBuilder().withName(MemberPod.DATA);
        return cluster.getSpec().storage().ephemeral()
                ? volume.withNewEmptyDir().endEmptyDir().build()
                : volume.withNewPersistentVolumeClaim()
                        .withClaimName(claim)
                        .endPersistentVolumeClaim()
                        .build();
    }
}
