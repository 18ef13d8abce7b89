package io.holdfast.operator.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** When the kubelet pulls an image. */
public enum PullPolicy {
    /** At each start of a pod. */
    @JsonProperty("Always")
    ALWAYS,

    /** When the node does not have it. */
    @JsonProperty("IfNotPresent")
    IF_NOT_PRESENT,

    /** Not at all: the node has it. */
    @JsonProperty("Never")
    NEVER
}
