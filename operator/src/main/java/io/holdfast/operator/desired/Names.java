package io.holdfast.operator.desired;

import io.holdfast.operator.crd.v1alpha1.LockCluster;

/** Names of the objects of a cluster, and the addresses of its members. */
public final class Names {

    /** The port on which members talk to each other. */
    public static final int PEER_PORT = 7101;

    /** The port of clients, probes and metrics. */
    public static final int HTTP_PORT = 7100;

    /** The port of clients that use TLS. */
    public static final int HTTPS_PORT = 7143;

    /** The port of probes and metrics, where clients use TLS. */
    public static final int MANAGEMENT_PORT = 7102;

    /** Name of the port of clients that use TLS. */
    public static final String HTTPS = "https";

    /** Variable of members that check tokens of Kubernetes. */
    public static final String CHECKS_TOKENS = "HOLDFAST_AUTH_KUBERNETES_ENABLED";

    private static final int CLUSTER_ID_MAX = 64;

    private final String namespace;
    private final String cluster;
    private final String clusterId;

    /**
     * Takes the names from a cluster.
     *
     * @throws SpecRefusedException when the id that its namespace and name make is too long
     */
    public Names(LockCluster cluster) {
        this.namespace = cluster.getMetadata().getNamespace();
        this.cluster = cluster.getMetadata().getName();
        String given = cluster.getSpec().clusterId();
        this.clusterId = given == null ? namespace + "." + this.cluster : given;
        if (clusterId.length() > CLUSTER_ID_MAX) {
            throw new SpecRefusedException(
                    "spec.clusterId",
                    "namespace and name make an id of " + clusterId.length() + " characters, and " + CLUSTER_ID_MAX
                            + " are the most: make the cluster again with spec.clusterId");
        }
    }

    /** Returns the namespace of all of them. */
    public String namespace() {
        return namespace;
    }

    /** Returns the cluster's own name. */
    public String cluster() {
        return cluster;
    }

    /** Returns the id of the ensemble. */
    public String clusterId() {
        return clusterId;
    }

    /** Returns the name of a voter's StatefulSet and claim. */
    public String voter(int id) {
        return cluster + "-voter-" + id;
    }

    /** Returns the name of a voter's pod. */
    public String pod(int id) {
        return voter(id) + "-0";
    }

    /** Returns the name of an observer's pod. */
    public String pod(String set, int id) {
        return set + "-" + id;
    }

    /** Returns the address of a voter, for its peers. */
    public String address(int id) {
        return host(pod(id)) + ":" + PEER_PORT;
    }

    /** Returns the address of an observer, for its peers. */
    public String address(String set, int id) {
        return host(pod(set, id)) + ":" + PEER_PORT;
    }

    /** Returns the name of the ConfigMap from which a pod takes how it starts. */
    public String start() {
        return cluster + "-start";
    }

    /** Returns the name of the Secret with the certificates of the voters. */
    public String votersTls() {
        return cluster + "-voters-tls";
    }

    /** Returns the name of the Secret with the certificates of the observers. */
    public String observersTls() {
        return cluster + "-observers-tls";
    }

    /** Returns the name of the Secret with the authority of the cluster's certificates. */
    public String authority() {
        return cluster + "-authority";
    }

    /** Returns the name of the Service that gives pods their names. */
    public String peers() {
        return cluster + "-peers";
    }

    /** Returns the name of the Service of all members. */
    public String rw() {
        return cluster + "-rw";
    }

    /** Returns the name of the Service of readers. */
    public String ro() {
        return cluster + "-ro";
    }

    /** Returns the name of the PodDisruptionBudget. */
    public String budget() {
        return cluster;
    }

    /** Returns the name of the NetworkPolicy. */
    public String networkPolicy() {
        return cluster;
    }

    /** Returns the name of the ServiceMonitor. */
    public String serviceMonitor() {
        return cluster;
    }

    /** Returns the host name of a pod, without the domain of the Kubernetes cluster, which nothing tells a pod. */
    public String host(String pod) {
        return pod + "." + peers() + "." + namespace + ".svc";
    }
}
