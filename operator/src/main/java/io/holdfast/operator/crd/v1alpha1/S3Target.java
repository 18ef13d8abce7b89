package io.holdfast.operator.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** A place in an S3 store. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record S3Target(
        @JsonPropertyDescription("URL of the store; absent: the provider's own for the region.")
        @Nullable
        @Size(min = 1, max = 512)
        @Pattern("^https?://[^\\s/]+/?$")
        String endpoint,

        @JsonPropertyDescription("Region of the bucket.") @Nullable @Size(min = 1, max = 64) @Pattern("^[a-zA-Z0-9-]+$")
        String region,

        @JsonPropertyDescription("Bucket.") @Required @Size(min = 3, max = 63) @Pattern("^[a-z0-9][a-z0-9.-]*[a-z0-9]$")
        String bucket,

        @JsonPropertyDescription("What the keys begin with.") @Size(max = 512) @Pattern("^[^\\s]*$")
        String prefix,

        @JsonPropertyDescription("Secret with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; absent: what the "
                + "pod's service account is given.")
        @Nullable
        @Size(min = 1, max = 253)
        @Pattern(Patterns.NAME)
        String credentialsSecret) {

    /** Gives what is absent its default. */
    public S3Target {
        prefix = prefix == null ? "" : prefix;
    }
}
