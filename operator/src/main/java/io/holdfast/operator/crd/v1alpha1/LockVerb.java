package io.holdfast.operator.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What may be done with a lock. */
public enum LockVerb {
    /** To see who holds it. */
    @JsonProperty("read")
    READ,

    /** To hold it. */
    @JsonProperty("acquire")
    ACQUIRE,

    /** To take it from its holder. */
    @JsonProperty("break")
    BREAK
}
