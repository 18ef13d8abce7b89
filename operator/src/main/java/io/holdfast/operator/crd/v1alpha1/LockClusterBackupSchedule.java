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

/** When backups of a cluster are made, and how many of them are kept. */
@Group(Patterns.GROUP)
@Version(Patterns.VERSION)
@ShortNames("lks")
@Categories(Patterns.CATEGORY)
@AdditionalPrinterColumn(name = "Schedule", type = AdditionalPrinterColumn.Type.STRING, jsonPath = ".spec.schedule")
@AdditionalPrinterColumn(name = "Last", type = AdditionalPrinterColumn.Type.DATE, jsonPath = ".status.lastScheduleTime")
@AdditionalPrinterColumn(
        name = "Next",
        type = AdditionalPrinterColumn.Type.STRING,
        jsonPath = ".status.nextScheduleTime")
@AdditionalPrinterColumn(name = "Suspended", type = AdditionalPrinterColumn.Type.BOOLEAN, jsonPath = ".spec.suspend")
@ValidationRule(value = Patterns.SHORT_NAME_RULE, message = Patterns.SHORT_NAME)
@ValidationRule(value = Patterns.NAME_RULE, message = Patterns.NAME_FORM)
public class LockClusterBackupSchedule
        extends CustomResource<LockClusterBackupScheduleSpec, LockClusterBackupScheduleStatus> implements Namespaced {

    private static final long serialVersionUID = 1L;

    /** Without a specification and a status until they are read or set. */
    public LockClusterBackupSchedule() {
        // Both are immutable: there is nothing to begin with.
    }

    /** What is asked for. */
    @Override
    @Required
    public LockClusterBackupScheduleSpec getSpec() {
        return super.getSpec();
    }

    /** What was reported of it, null before the first report. */
    @Override
    public @Nullable LockClusterBackupScheduleStatus getStatus() {
        return super.getStatus();
    }

    @Override
    protected @Nullable LockClusterBackupScheduleSpec initSpec() {
        return null;
    }

    @Override
    protected @Nullable LockClusterBackupScheduleStatus initStatus() {
        return null;
    }
}
