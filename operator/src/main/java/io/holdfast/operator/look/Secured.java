package io.holdfast.operator.look;

/**
 * How a node is asked with TLS.
 *
 * @param host name of its pod, which the certificate may have in place of the member's URI
 * @param authorities that its certificate must come from, as PEM
 * @param checksTokens whether it knows the tokens of Kubernetes; one that does not refuses a request with any
 */
public record Secured(String host, String authorities, boolean checksTokens) {}
