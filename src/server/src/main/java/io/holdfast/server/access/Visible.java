package io.holdfast.server.access;

import io.holdfast.lock.acl.NameSet;

/**
 * What a caller may be told of, whatever it asks for. Equal for callers that may be told the same.
 *
 * @param locks names of the locks
 * @param sessions whether it may be told of every session
 * @param members whether it may be told of the members of the ensemble, with their addresses
 */
public record Visible(NameSet locks, boolean sessions, boolean members) {

    /** Everything there is. */
    public static final Visible ALL = new Visible(NameSet.ALL, true, true);
}
