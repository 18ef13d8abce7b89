package io.holdfast.server.replica;

import org.jspecify.annotations.Nullable;

/** What an administrator wants of one member; asking for what is so already changes nothing. */
public sealed interface MemberChange {

    /** Returns the member's id, 1 to 65535. */
    int id();

    /**
     * Adds an observer, which becomes a voter by an {@link Update} once it is in step.
     *
     * @param host name or address of its peer port, without brackets
     * @param port its peer port, 1 to 65535
     */
    record Add(int id, String host, int port) implements MemberChange {}

    /**
     * Changes a member.
     *
     * @param voter whether it shall vote; null leaves that as it is
     * @param host of its peer port; null leaves the address as it is
     * @param port of its peer port; without meaning when there is no host
     */
    record Update(int id, @Nullable Boolean voter, @Nullable String host, int port) implements MemberChange {}

    /** Removes a member; one that leads hands over first. */
    record Remove(int id) implements MemberChange {}
}
