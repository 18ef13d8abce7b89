package io.holdfast.operator.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a Service is reached. */
public enum ServiceType {
    /** From inside the cluster. */
    @JsonProperty("ClusterIP")
    CLUSTER_IP,

    /** At a port of each node. */
    @JsonProperty("NodePort")
    NODE_PORT,

    /** At an address of the provider's. */
    @JsonProperty("LoadBalancer")
    LOAD_BALANCER
}
