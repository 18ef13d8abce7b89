package io.holdfast.server.access;

import io.holdfast.lock.acl.NameSet;

/**
 * What a caller may see, whatever it asks for.
 *
 * @param locks names of the locks
 * @param owner principal whose sessions it may see; empty when it may see every session
 * @param members whether it may see the members of the ensemble, with their addresses
 */
public record Visible(NameSet locks, String owner, boolean members) {

    /** Everything there is. */
    public static final Visible ALL = new Visible(NameSet.ALL, "", true);

    /**
     * Returns whether the caller may see a session.
     *
     * @param principal that the session belongs to; empty when it belongs to every caller
     */
    public boolean hasSessionOf(String principal) {
        return owner.isEmpty() || principal.isEmpty() || owner.equals(principal);
    }
}
