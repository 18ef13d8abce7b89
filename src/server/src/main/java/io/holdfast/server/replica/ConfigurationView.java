package io.holdfast.server.replica;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A configuration of the ensemble: who its members are and how many of them must agree.
 *
 * @param version grows by one with every change
 * @param members ordered by id
 * @param voters how many of them vote
 * @param quorum how many voters must agree
 */
public record ConfigurationView(long version, List<Peer> members, int voters, int quorum) {

    /** Copies the list. */
    public ConfigurationView {
        members = List.copyOf(members);
    }

    /**
     * One member.
     *
     * @param id 1 to 65535
     * @param voter whether it counts in quorums; else it is an observer
     * @param address {@code host:port} of its peer port
     * @param http where clients reach it; null when it never said so here
     */
    public record Peer(
            int id, boolean voter, String address, @Nullable String http) {}
}
