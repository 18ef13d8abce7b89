package io.holdfast.operator.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Where backups are stored. */
@ValidationRule(
        value = "has(self.claim) != has(self.s3)",
        message = "target needs one place: give exactly one of claim and s3")
@ValidationRule(
        value = "!has(self.path) || has(self.claim)",
        message = "path is a directory on a claim: give claim, or use s3.prefix")
@ValidationRule(value = Patterns.PATH_RULE, message = Patterns.PATH_FORM)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record BackupTarget(
        @JsonPropertyDescription("An S3 store.") @Nullable S3Target s3,

        @JsonPropertyDescription("A PersistentVolumeClaim of this namespace.")
        @Nullable
        @Size(min = 1, max = 253)
        @Pattern(Patterns.NAME)
        String claim,

        @JsonPropertyDescription("Directory on the claim, relative to its root; absent: the root.")
        @Nullable
        @Size(min = 1, max = 512)
        String path) {}
