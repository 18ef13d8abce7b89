package io.holdfast.operator.crd.v1alpha1;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/** Which principals may do what with the locks of a namespace: those below {@code k8s/NAMESPACE/}, and no others. */
@Group(Patterns.GROUP)
@Version(Patterns.VERSION)
@Plural("lockpolicies")
@ShortNames("lkp")
@Categories(Patterns.CATEGORY)
@AdditionalPrinterColumn(name = "Cluster", type = AdditionalPrinterColumn.Type.STRING, jsonPath = ".spec.clusterRef")
@AdditionalPrinterColumn(
        name = "Accepted",
        type = AdditionalPrinterColumn.Type.STRING,
        jsonPath = ".status.conditions[?(@.type==\"Accepted\")].status")
@AdditionalPrinterColumn(
        name = "Reason",
        type = AdditionalPrinterColumn.Type.STRING,
        jsonPath = ".status.conditions[?(@.type==\"Accepted\")].reason")
@AdditionalPrinterColumn(
        name = "Age",
        type = AdditionalPrinterColumn.Type.DATE,
        jsonPath = ".metadata.creationTimestamp")
@ValidationRule(value = Patterns.LABEL_NAME_RULE, message = Patterns.LABEL_NAME)
public class LockPolicy extends CustomResource<LockPolicySpec, LockPolicyStatus> implements Namespaced {

    private static final long serialVersionUID = 1L;

    /** Without a specification and a status until they are read or set. */
    public LockPolicy() {
        // Both are immutable: there is nothing to begin with.
    }

    /** What is asked for. */
    @Override
    @Required
    public LockPolicySpec getSpec() {
        return super.getSpec();
    }

    /** What was reported of it, null before the first report. */
    @Override
    public @Nullable LockPolicyStatus getStatus() {
        return super.getStatus();
    }

    @Override
    protected @Nullable LockPolicySpec initSpec() {
        return null;
    }

    @Override
    protected @Nullable LockPolicyStatus initStatus() {
        return null;
    }
}
