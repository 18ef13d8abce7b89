package io.holdfast.server.caller;

import io.holdfast.lock.Limits;
import java.util.List;
import java.util.Map;

/**
 * The identity that a request acts under, as one credential proved it. Immutable, and shared by all requests with that
 * credential. It has no part of the credential that could prove anything, and so may be logged.
 *
 * @param principal how it was proved and its name: {@code cert:…}, {@code jwt:ISSUER:…}, {@code k8s:NAMESPACE:ACCOUNT},
 *     {@code key:NAME} or {@code anonymous}; at most {@value #MAX_PRINCIPAL} characters
 * @param groups that the credential puts the principal into, each with the prefix of its origin: {@code ISSUER:GROUP},
 *     {@code k8s:ns:NAMESPACE}
 * @param attributes what else the credential says, by name: {@code k8s.namespace}
 * @param until when the credential stops proving this, in milliseconds since the epoch; {@link Long#MAX_VALUE} for
 *     never
 * @param credential what the credential is known by to its issuer, for records: a serial number, the {@code jti} of a
 *     token, the id of a key; empty for none
 */
public record Caller(
        String principal, List<String> groups, Map<String, String> attributes, long until, String credential) {

    /** Longest principal, in characters: it is replicated with each session. */
    public static final int MAX_PRINCIPAL = Limits.PRINCIPAL_CHARS;

    /** The principal of a request without any credential. */
    public static final String ANONYMOUS = "anonymous";

    private static final Caller NOT_PROVED = new Caller(ANONYMOUS, List.of(), Map.of(), Long.MAX_VALUE, "");

    /** Copies the collections. */
    public Caller {
        groups = List.copyOf(groups);
        attributes = Map.copyOf(attributes);
    }

    /** Makes one whose credential has no id. */
    public Caller(String principal, List<String> groups, Map<String, String> attributes, long until) {
        this(principal, groups, attributes, until, "");
    }

    /** Returns the caller of a request without any credential, always the same. */
    public static Caller anonymous() {
        return NOT_PROVED;
    }

    /** Returns whether the request had no credential. */
    public boolean isAnonymous() {
        return principal.equals(ANONYMOUS);
    }
}
