package io.holdfast.operator.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How far members are on the way between plain connections and secured ones. */
public enum TlsStage {
    /** No connection is secured. */
    @JsonProperty("Plain")
    PLAIN,

    /** Members take both kinds of connections, from each other and from clients. */
    @JsonProperty("Bridge")
    BRIDGE,

    /** Members take secured connections only, and clients' as the specification says. */
    @JsonProperty("Secured")
    SECURED
}
