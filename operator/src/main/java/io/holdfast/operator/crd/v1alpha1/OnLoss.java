package io.holdfast.operator.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What happens when a volume is lost and all other voters are in step. */
public enum OnLoss {
    /** The voter gets an empty volume and comes back by what the others have. */
    @JsonProperty("Replace")
    REPLACE,

    /** Nothing, until an admin decides. */
    @JsonProperty("Wait")
    WAIT
}
