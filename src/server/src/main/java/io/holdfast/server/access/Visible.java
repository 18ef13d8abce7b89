package io.holdfast.server.access;

import io.holdfast.lock.acl.NameSet;

/**
 * What a caller may be told of, whatever it asks for.
 *
 * @param locks names of the locks
 * @param owner principal whose sessions it may be told of; empty when it may be told of every session
 * @param members whether it may be told of the members of the ensemble, with their addresses
 */
public record Visible(NameSet locks, String owner, boolean members) {

    /** Everything there is. */
    public static final Visible ALL = new Visible(NameSet.ALL, "", true);

    /**
     * Returns whether it may be told of a session.
     *
     * @param principal that the session belongs to; empty when it belongs to every caller
     */
    public boolean hasSessionOf(String principal) {
        return owner.isEmpty() || principal.isEmpty() || owner.equals(principal);
    }
}
