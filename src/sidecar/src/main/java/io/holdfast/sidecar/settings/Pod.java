package io.holdfast.sidecar.settings;

/**
 * The pod that the sidecar is in, by the downward API; a text is empty where it was not given.
 *
 * @param name of the pod
 * @param namespace of the pod
 * @param uid of the pod, which a later pod of the same name does not have
 * @param ip address of the pod
 */
public record Pod(String name, String namespace, String uid, String ip) {}
