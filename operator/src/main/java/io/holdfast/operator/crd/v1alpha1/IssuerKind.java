package io.holdfast.operator.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where an issuer of certificates lives. */
public enum IssuerKind {
    /** In the cluster's namespace. */
    @JsonProperty("Issuer")
    ISSUER,

    /** In no namespace. */
    @JsonProperty("ClusterIssuer")
    CLUSTER_ISSUER
}
