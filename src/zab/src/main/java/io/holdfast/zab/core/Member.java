package io.holdfast.zab.core;

/**
 * One server of an ensemble's configuration.
 *
 * @param id who it is
 * @param role whether it counts in quorums
 * @param host name or address of its peer port, resolved at every dial
 * @param port its peer port, 1 to 65535
 */
public record Member(ServerId id, MemberRole role, String host, int port) {

    /** Checks the bounds. */
    public Member {
        if (host.isBlank() || host.length() > 253) {
            throw new IllegalArgumentException("host of member " + id + " must have 1 to 253 characters");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port of member " + id + " must be 1 to 65535, not " + port);
        }
    }

    public String address() {
        return host + ":" + port;
    }
}
