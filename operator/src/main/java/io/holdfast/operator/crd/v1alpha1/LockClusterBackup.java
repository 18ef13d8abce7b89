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

/** One backup of a cluster. */
@Group(Patterns.GROUP)
@Version(Patterns.VERSION)
@ShortNames("lkb")
@Categories(Patterns.CATEGORY)
@AdditionalPrinterColumn(name = "Cluster", type = AdditionalPrinterColumn.Type.STRING, jsonPath = ".spec.clusterRef")
@AdditionalPrinterColumn(name = "Phase", type = AdditionalPrinterColumn.Type.STRING, jsonPath = ".status.phase")
@AdditionalPrinterColumn(name = "Revision", type = AdditionalPrinterColumn.Type.STRING, jsonPath = ".status.revision")
@AdditionalPrinterColumn(name = "Bytes", type = AdditionalPrinterColumn.Type.INTEGER, jsonPath = ".status.bytes")
@AdditionalPrinterColumn(
        name = "Age",
        type = AdditionalPrinterColumn.Type.DATE,
        jsonPath = ".metadata.creationTimestamp")
@ValidationRule(value = Patterns.LABEL_NAME_RULE, message = Patterns.LABEL_NAME)
public class LockClusterBackup extends CustomResource<LockClusterBackupSpec, LockClusterBackupStatus>
        implements Namespaced {

    private static final long serialVersionUID = 1L;

    /** Without a specification and a status until they are read or set. */
    public LockClusterBackup() {
        // Both are immutable: there is nothing to begin with.
    }

    /** What is asked for. */
    @Override
    @Required
    public LockClusterBackupSpec getSpec() {
        return super.getSpec();
    }

    /** What was reported of it, null before the first report. */
    @Override
    public @Nullable LockClusterBackupStatus getStatus() {
        return super.getStatus();
    }

    @Override
    protected @Nullable LockClusterBackupSpec initSpec() {
        return null;
    }

    @Override
    protected @Nullable LockClusterBackupStatus initStatus() {
        return null;
    }
}
