package io.holdfast.operator.look;

import org.jspecify.annotations.Nullable;

/**
 * A node of the service that is asked directly: its pod's address, and what must answer there. The address of a pod
 * that is gone may belong to another ensemble by now.
 *
 * @param ip of the pod, IPv4 or IPv6
 * @param clusterId that the answer must name
 * @param node id that the answer must name
 * @param secured how it is asked with TLS; absent when it is asked without
 */
public record Endpoint(
        String ip, String clusterId, int node, @Nullable Secured secured) {

    /** One that is asked without TLS. */
    public Endpoint(String ip, String clusterId, int node) {
        this(ip, clusterId, node, null);
    }
}
