package io.holdfast.operator.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Where the backup is that an ensemble begins with. */
@ValidationRule(
        value = "(has(self.backup) ? 1 : 0) + (has(self.claim) ? 1 : 0) + (has(self.s3) ? 1 : 0) == 1",
        message = "restore needs one source: give exactly one of backup, claim and s3")
@ValidationRule(
        value = "has(self.claim) == has(self.path)",
        message = "claim and path go together: path names the file on the claim")
@ValidationRule(value = Patterns.PATH_RULE, message = Patterns.PATH_FORM)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Restore(
        @JsonPropertyDescription("A LockClusterBackup of this namespace.")
        @Nullable
        @Size(min = 1, max = 253)
        @Pattern(Patterns.NAME)
        String backup,

        @JsonPropertyDescription("A PersistentVolumeClaim of this namespace, which has the file.")
        @Nullable
        @Size(min = 1, max = 253)
        @Pattern(Patterns.NAME)
        String claim,

        @JsonPropertyDescription("The file, relative to the claim's root.") @Nullable @Size(min = 1, max = 1024)
        String path,

        @JsonPropertyDescription("An object of an S3 store.") @Nullable
        S3Object s3) {}
