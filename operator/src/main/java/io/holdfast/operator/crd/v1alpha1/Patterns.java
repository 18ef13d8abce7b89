package io.holdfast.operator.crd.v1alpha1;

/** Patterns and rules that several fields share. */
final class Patterns {

    static final String GROUP = "holdfast.dev";
    static final String VERSION = "v1alpha1";
    static final String CATEGORY = "holdfast";

    /** As the settings of the server have it: one number and one unit. */
    static final String DURATION = "^[0-9]{1,6}(ms|s|m|h)$";

    /** A quantity that is not negative, with at most one suffix. */
    static final String QUANTITY = "^[0-9]{1,15}(\\.[0-9]{1,9})?(m|k|Ki|M|Mi|G|Gi|T|Ti|P|Pi)?$";

    /** A name of an object of Kubernetes. */
    static final String NAME = "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$";

    /** The name of a cluster. */
    static final String CLUSTER = "^[a-z]([-a-z0-9]*[a-z0-9])?$";

    /** Of the kinds from whose names the names of pods are made. */
    static final String SHORT_NAME_RULE = "size(self.metadata.name) <= 40";

    static final String SHORT_NAME =
            "metadata.name is too long: use 40 characters at most, the names of pods are made from it";

    static final String NAME_RULE = "self.metadata.name.matches('" + CLUSTER + "')";

    static final String NAME_FORM = "metadata.name cannot be part of a pod's host name: use a-z, 0-9 and -, begin "
            + "with a letter, and do not end with -";

    static final String LABEL_NAME_RULE = "size(self.metadata.name) <= 63";

    static final String LABEL_NAME = "metadata.name is too long: use 63 characters at most";

    static final String PATH_RULE =
            "!has(self.path) || (!self.path.startsWith('/') && !('/' + self.path + '/').contains('/../'))";

    static final String PATH_FORM = "path leaves the claim: give it relative to the claim's root, without ..";

    private Patterns() {}
}
