package io.holdfast.operator.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** On which ports clients are served once members are secured. */
public enum ClientTls {
    /** On the plain one, too. */
    @JsonProperty("Both")
    BOTH,

    /** On the one with TLS only. */
    @JsonProperty("Required")
    REQUIRED
}
