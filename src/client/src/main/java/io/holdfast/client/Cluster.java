package io.holdfast.client;

import io.holdfast.api.ClusterBody;
import io.holdfast.api.MembersChange;
import io.holdfast.api.Snapshot;
import java.io.IOException;
import java.io.OutputStream;

/**
 * The ensemble itself: its members, its leader, its backups. A call looks for a node that answers for 30 s at most and
 * throws {@link UnavailableException} then, {@link RefusedException} for what the ensemble refuses. A change that is so
 * already changes nothing, so each may be repeated.
 */
public interface Cluster {

    /** The ensemble as the answering node knows it; also while there is no leader. */
    ClusterBody status() throws InterruptedException;

    /** These calls, each on condition that the configuration has this version. */
    Cluster ifVersion(long version);

    /** These changes of members, as they would be answered now; nothing is done. */
    Cluster dryRun();

    /** Has another voter lead, the best one. */
    ClusterBody transferLeadership() throws InterruptedException;

    /** Has this voter lead. */
    ClusterBody transferLeadership(int to) throws InterruptedException;

    /**
     * Adds a member, which follows without a vote.
     *
     * @param id 1 to 65535, never used before
     * @param address host and port of its peer port
     */
    MembersChange addMember(int id, String address) throws InterruptedException;

    /** Gives a member its vote; it must follow the leader closely. */
    MembersChange promote(int id) throws InterruptedException;

    /** Takes the vote of a member. */
    MembersChange demote(int id) throws InterruptedException;

    /** Tells where the peer port of a member has moved to. */
    MembersChange moveMember(int id, String address) throws InterruptedException;

    /** Removes a member; its node may be stopped when the answer is settled. */
    MembersChange removeMember(int id) throws InterruptedException;

    /** Has the answering node write a snapshot. */
    Snapshot takeSnapshot() throws InterruptedException;

    /**
     * Writes a backup of everything that was acknowledged before this call; {@code holdfast restore} reads it. Not
     * repeated at another node once it began.
     *
     * @return how many bytes it has
     * @throws IOException when it could not be written, or broke off: what was written is not a backup
     */
    long backup(OutputStream to) throws IOException, InterruptedException;
}
