package io.holdfast.operator.look;

/**
 * How a node is asked with TLS.
 *
 * @param host name of its pod, which the certificate may have in place of the member's URI
 * @param authorities that its certificate must come from, as PEM
 */
public record Secured(String host, String authorities) {}
