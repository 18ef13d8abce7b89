package io.holdfast.operator.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether two members of a cluster may share a host. */
public enum Spread {
    /** They do not; a pod that finds no host of its own stays pending. */
    @JsonProperty("Required")
    REQUIRED,

    /** They do when there is no other place. */
    @JsonProperty("Preferred")
    PREFERRED
}
