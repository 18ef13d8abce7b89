package io.holdfast.operator.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How strictly members of a kind are spread over hosts. */
public enum Spread {
    /** A pod stays pending when every host would have two more of them than the host with the fewest. */
    @JsonProperty("Required")
    REQUIRED,

    /** A pod goes where there is room, to the host with the fewest if possible. */
    @JsonProperty("Preferred")
    PREFERRED
}
