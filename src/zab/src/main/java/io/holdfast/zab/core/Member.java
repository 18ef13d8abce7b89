package io.holdfast.zab.core;

import org.jspecify.annotations.Nullable;

/**
 * One server of an ensemble's configuration.
 *
 * @param id who it is
 * @param role whether it counts in quorums
 * @param host name or address of its peer port, resolved at every dial
 * @param port its peer port, 1 to 65535
 * @param disk the data directory that makes a server with that id this member; null while none is bound yet
 */
public record Member(
        ServerId id,
        MemberRole role,
        String host,
        int port,
        @Nullable DiskId disk) {

    /** Checks the bounds. */
    public Member {
        if (host.isBlank() || host.length() > 253) {
            throw new IllegalArgumentException("host of member " + id + " must have 1 to 253 characters");
        }
        if (host.chars().anyMatch(c -> c <= ' ' || Character.isISOControl(c) || Character.isWhitespace(c))) {
            throw new IllegalArgumentException("host of member " + id + " must have no blanks nor control characters");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port of member " + id + " must be 1 to 65535, not " + port);
        }
    }

    /** Makes a member whose disk is not known yet. */
    public Member(ServerId id, MemberRole role, String host, int port) {
        this(id, role, host, port, null);
    }

    /**
     * Returns whether a server with this id and {@code seen} as its disk is this member; any is while none is bound.
     */
    public boolean admits(@Nullable DiskId seen) {
        return disk == null || disk.equals(seen);
    }

    /** Returns the same member bound to {@code other}; null binds it to none. */
    public Member withDisk(@Nullable DiskId other) {
        return new Member(id, role, host, port, other);
    }

    /** Returns {@code host:port}, an IPv6 address in brackets. */
    public String address() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
