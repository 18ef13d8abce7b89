package io.holdfast.operator.look;

/**
 * A node of the service that is asked directly: its pod's address, and what must answer there. The address of a pod
 * that is gone may belong to another ensemble by now.
 *
 * @param ip of the pod, IPv4 or IPv6
 * @param clusterId that the answer must name
 * @param node id that the answer must name
 */
public record Endpoint(String ip, String clusterId, int node) {}
