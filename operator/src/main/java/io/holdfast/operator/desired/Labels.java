package io.holdfast.operator.desired;

import io.holdfast.operator.crd.v1alpha1.LockCluster;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Every label and annotation that the operator gives or reads. What is in a selector is frozen for ever: a
 * StatefulSet's selector cannot change, and an operator of a later release must still find what this one made.
 */
public final class Labels {

    /** Label: {@value #MEMBERS}. Of all pods only members have it. */
    public static final String NAME = "app.kubernetes.io/name";

    /** Label: name of the cluster. */
    public static final String INSTANCE = "app.kubernetes.io/instance";

    /** Label: {@value #VOTER}, {@value #OBSERVER}, or what else the object is for. */
    public static final String COMPONENT = "app.kubernetes.io/component";

    /** Label: {@value #OPERATOR}. All informers select it. */
    public static final String MANAGED_BY = "app.kubernetes.io/managed-by";

    /** Label: {@value #HOLDFAST}. */
    public static final String PART_OF = "app.kubernetes.io/part-of";

    /** Label of a voter's objects: its id. */
    public static final String MEMBER = "holdfast.dev/member";

    /** Label of observers' objects: name of their set. */
    public static final String OBSERVERS = "holdfast.dev/observers";

    /** Label of a claim: uid of the cluster that it was made for, or that adopted it. */
    public static final String CLUSTER_UID = "holdfast.dev/cluster-uid";

    /** Label of a claim: id of the ensemble, in a form that fits into a label. */
    public static final String CLUSTER_ID = "holdfast.dev/cluster-id";

    /** Label of a claim: generation of the ensemble that it was made for. */
    public static final String GENERATION = "holdfast.dev/generation";

    /** Label of a claim that is kept although its voter left, or was left behind by a recovery. */
    public static final String MARK = "holdfast.dev/mark";

    /** Label of every pod with a {@code pod-index}, given by Kubernetes. */
    public static final String POD_INDEX = "apps.kubernetes.io/pod-index";

    /** Annotation of a StatefulSet and its pods: hash of the template. */
    public static final String TEMPLATE = "holdfast.dev/template";

    /** Annotation of a StatefulSet whose voter is to leave for good. Written by an action, never rendered. */
    public static final String LEAVING = "holdfast.dev/leaving";

    /** Annotation of a cluster: nothing is done. */
    public static final String PAUSED = "holdfast.dev/paused";

    /** Annotation of a cluster: what would be done is written to its status. */
    public static final String DRY_RUN = "holdfast.dev/dry-run";

    /** Annotation of a cluster, and of its pods: another text makes all pods anew, one by one. */
    public static final String RESTART = "holdfast.dev/restart";

    /** Annotation of a cluster: id of the voter that is to be replaced by a new one. */
    public static final String REPLACE = "holdfast.dev/replace";

    /** Annotation of a cluster: id of the voter whose new disk may vote. */
    public static final String READMIT = "holdfast.dev/readmit";

    /** Annotation of a cluster: the next step of a recovery from a lost quorum. */
    public static final String RECOVER = "holdfast.dev/recover";

    /** Annotation of a cluster: another text has the authority of its certificates replaced. */
    public static final String ROTATE_AUTHORITY = "holdfast.dev/rotate-authority";

    /** Value of {@link #NAME}. */
    public static final String MEMBERS = "holdfast";

    /** Value of {@link #PART_OF}. */
    public static final String HOLDFAST = "holdfast";

    /** Value of {@link #MANAGED_BY}, name of the operator's own pods, and its name as the manager of fields. */
    public static final String OPERATOR = "holdfast-operator";

    /** Value of {@link #COMPONENT} of voters. */
    public static final String VOTER = "voter";

    /** Value of {@link #COMPONENT} of observers. */
    public static final String OBSERVER = "observer";

    /** What the operator's own labels and annotations begin with. */
    static final String OWN_PREFIX = "holdfast.dev/";

    /** What Kubernetes' recommended labels begin with. */
    static final String RECOMMENDED_PREFIX = "app.kubernetes.io/";

    private Labels() {}

    /** Returns the labels of an object that is neither a member nor its own. */
    static Map<String, String> of(LockCluster cluster, String component) {
        return common(cluster, component);
    }

    /** Returns the labels of a voter's StatefulSet, pod and claim. */
    static Map<String, String> ofVoter(LockCluster cluster, int id) {
        var labels = common(cluster, VOTER);
        labels.put(MEMBER, Integer.toString(id));
        return labels;
    }

    /** Returns the labels of a set of observers and their pods. */
    static Map<String, String> ofObservers(LockCluster cluster, String set) {
        var labels = common(cluster, OBSERVER);
        labels.put(OBSERVERS, set);
        return labels;
    }

    /** Selects every member of a cluster. */
    public static Map<String, String> selectMembers(LockCluster cluster) {
        return sorted(Map.of(NAME, MEMBERS, INSTANCE, cluster.getMetadata().getName()));
    }

    /** Selects the members of a cluster that are voters, or observers. */
    static Map<String, String> selectMembers(LockCluster cluster, String component) {
        var labels = sorted(selectMembers(cluster));
        labels.put(COMPONENT, component);
        return labels;
    }

    /** Selects one voter. */
    static Map<String, String> selectVoter(LockCluster cluster, int id) {
        var labels = sorted(selectMembers(cluster));
        labels.put(MEMBER, Integer.toString(id));
        return labels;
    }

    /** Selects a set of observers. */
    static Map<String, String> selectObservers(LockCluster cluster, String set) {
        var labels = sorted(selectMembers(cluster));
        labels.put(OBSERVERS, set);
        return labels;
    }

    /** Selects every pod that belongs to a cluster: members, and jobs of its backups. */
    static Map<String, String> selectAll(LockCluster cluster) {
        return sorted(Map.of(PART_OF, HOLDFAST, INSTANCE, cluster.getMetadata().getName()));
    }

    /** Returns the selector of a set of observers as text, for {@code status.selector}. */
    public static String selectorText(LockCluster cluster, String set) {
        return INSTANCE + "=" + cluster.getMetadata().getName() + "," + OBSERVERS + "=" + set;
    }

    private static SortedMap<String, String> common(LockCluster cluster, String component) {
        return sorted(Map.of(
                NAME, MEMBERS,
                INSTANCE, cluster.getMetadata().getName(),
                COMPONENT, component,
                MANAGED_BY, OPERATOR,
                PART_OF, HOLDFAST));
    }

    private static SortedMap<String, String> sorted(Map<String, String> labels) {
        return new TreeMap<>(labels);
    }
}
