package io.holdfast.server.history;

import java.util.List;

/**
 * A configuration that came into force, whole: who knows the one before sees what changed.
 *
 * @param version of the configuration
 * @param members ordered by id
 */
public record MembersNow(long version, List<One> members) {

    /** Copies the list. */
    public MembersNow {
        members = List.copyOf(members);
    }

    /**
     * One member.
     *
     * @param id 1 to 65535
     * @param role {@code voter} or {@code observer}
     * @param address of its peer port
     */
    public record One(int id, String role, String address) {}
}
