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

/** An ensemble of voters. */
@Group(Patterns.GROUP)
@Version(Patterns.VERSION)
@ShortNames("lkc")
@Categories(Patterns.CATEGORY)
@AdditionalPrinterColumn(name = "Voters", type = AdditionalPrinterColumn.Type.INTEGER, jsonPath = ".status.readyVoters")
@AdditionalPrinterColumn(name = "Wanted", type = AdditionalPrinterColumn.Type.INTEGER, jsonPath = ".spec.voters")
@AdditionalPrinterColumn(name = "Leader", type = AdditionalPrinterColumn.Type.INTEGER, jsonPath = ".status.leader")
@AdditionalPrinterColumn(
        name = "Available",
        type = AdditionalPrinterColumn.Type.STRING,
        jsonPath = ".status.conditions[?(@.type==\"Available\")].status")
@AdditionalPrinterColumn(
        name = "Progressing",
        type = AdditionalPrinterColumn.Type.STRING,
        jsonPath = ".status.conditions[?(@.type==\"Progressing\")].reason")
@AdditionalPrinterColumn(
        name = "Age",
        type = AdditionalPrinterColumn.Type.DATE,
        jsonPath = ".metadata.creationTimestamp")
@AdditionalPrinterColumn(
        name = "Epoch",
        type = AdditionalPrinterColumn.Type.INTEGER,
        jsonPath = ".status.epoch",
        priority = 1)
@AdditionalPrinterColumn(
        name = "Level",
        type = AdditionalPrinterColumn.Type.INTEGER,
        jsonPath = ".status.level",
        priority = 1)
@AdditionalPrinterColumn(
        name = "Image",
        type = AdditionalPrinterColumn.Type.STRING,
        jsonPath = ".spec.image",
        priority = 1)
@AdditionalPrinterColumn(
        name = "Degraded",
        type = AdditionalPrinterColumn.Type.STRING,
        jsonPath = ".status.conditions[?(@.type==\"Degraded\")].reason",
        priority = 1)
@ValidationRule(value = Patterns.SHORT_NAME_RULE, message = Patterns.SHORT_NAME)
@ValidationRule(value = Patterns.NAME_RULE, message = Patterns.NAME_FORM)
public class LockCluster extends CustomResource<LockClusterSpec, LockClusterStatus> implements Namespaced {

    private static final long serialVersionUID = 1L;

    /** Without a specification and a status until they are read or set. */
    public LockCluster() {
        // Both are immutable: there is nothing to begin with.
    }

    /** What is asked for. */
    @Override
    @Required
    public LockClusterSpec getSpec() {
        return super.getSpec();
    }

    /** What was reported of it, null before the first report. */
    @Override
    public @Nullable LockClusterStatus getStatus() {
        return super.getStatus();
    }

    @Override
    protected @Nullable LockClusterSpec initSpec() {
        return null;
    }

    @Override
    protected @Nullable LockClusterStatus initStatus() {
        return null;
    }
}
