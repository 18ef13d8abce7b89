package io.holdfast.operator.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;

/** What the backups of a schedule are like. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record BackupTemplate(
        @JsonPropertyDescription("Whether the stored backup is deleted with this object.") @Default("Retain")
        Removal deletionPolicy,

        @JsonPropertyDescription("Where they are stored.") @Required
        BackupTarget target) {

    /** Gives what is absent its default. */
    public BackupTemplate {
        deletionPolicy = deletionPolicy == null ? Removal.RETAIN : deletionPolicy;
    }
}
