package io.holdfast.operator.crd.v1alpha1;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/** A set of observers of one cluster: members without a vote, which scale. */
@Group(Patterns.GROUP)
@Version(Patterns.VERSION)
@ShortNames("lko")
@Categories(Patterns.CATEGORY)
@AdditionalPrinterColumn(name = "Cluster", type = AdditionalPrinterColumn.Type.STRING, jsonPath = ".spec.clusterRef")
@AdditionalPrinterColumn(name = "Wanted", type = AdditionalPrinterColumn.Type.INTEGER, jsonPath = ".spec.replicas")
@AdditionalPrinterColumn(
        name = "Ready",
        type = AdditionalPrinterColumn.Type.INTEGER,
        jsonPath = ".status.readyReplicas")
@AdditionalPrinterColumn(
        name = "Age",
        type = AdditionalPrinterColumn.Type.DATE,
        jsonPath = ".metadata.creationTimestamp")
@ValidationRule(value = Patterns.SHORT_NAME_RULE, message = Patterns.SHORT_NAME)
@ValidationRule(value = Patterns.NAME_RULE, message = Patterns.NAME_FORM)
public class LockObservers extends CustomResource<LockObserversSpec, LockObserversStatus> implements Namespaced {

    private static final long serialVersionUID = 1L;

    /** Without a specification and a status until they are read or set. */
    public LockObservers() {
        // Both are immutable: there is nothing to begin with.
    }

    /** What is asked for. */
    @Override
    @Required
    public LockObserversSpec getSpec() {
        return super.getSpec();
    }

    /** What was reported of it, null before the first report. */
    @Override
    public @Nullable LockObserversStatus getStatus() {
        return super.getStatus();
    }

    @Override
    protected @Nullable LockObserversSpec initSpec() {
        return null;
    }

    @Override
    protected @Nullable LockObserversStatus initStatus() {
        return null;
    }
}
