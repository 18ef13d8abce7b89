package io.holdfast.operator.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Verbs, and the locks of the namespace that they are allowed for. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record LockPolicyRule(
        @JsonPropertyDescription("read, acquire, break.") @Required @Size(min = 1, max = 3)
        List<LockVerb> verbs,

        @JsonPropertyDescription("A name, or a prefix that ends in a slash, below k8s/NAMESPACE/; absent: all there.")
        @Nullable
        @Size(min = 1, max = 256)
        @Pattern("^([A-Za-z0-9._-]+/)*[A-Za-z0-9._-]+/?$")
        String locks) {

    /** Gives what is absent its default. */
    public LockPolicyRule {
        verbs = verbs == null ? List.of() : List.copyOf(verbs);
    }
}
