package io.holdfast.operator.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What becomes of what is no longer needed. */
public enum Removal {
    /** It is deleted. */
    @JsonProperty("Delete")
    DELETE,

    /** It is kept, for an admin to delete. */
    @JsonProperty("Retain")
    RETAIN
}
