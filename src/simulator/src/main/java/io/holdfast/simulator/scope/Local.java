package io.holdfast.simulator.scope;

import io.holdfast.zab.core.Phase;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.Txn;
import java.util.List;

/**
 * One server at one moment, as far as others and the invariants see it.
 *
 * @param hash tells it from every other moment, see {@link Fingerprint}
 * @param epoch of the leader that it is or follows
 * @param leader whom it follows, itself when it leads; 0 for nobody
 * @param dialing whom it tries to reach; 0 for nobody
 * @param writing how many records are being written
 * @param drained whether nothing is to be written
 * @param logged its history, also what is not yet on disk
 */
record Local(
        int server,
        boolean alive,
        long hash,
        Role role,
        Phase phase,
        long epoch,
        int leader,
        int dialing,
        int writing,
        boolean drained,
        Disk disk,
        List<Txn> logged,
        List<Txn> applied) {

    static Local dead(int server, Disk disk) {
        return new Local(
                server,
                false,
                Fingerprint.mix(Fingerprint.of(disk, 0), server * 31L),
                Role.LOOKING,
                Phase.ELECTION,
                0,
                0,
                0,
                0,
                true,
                disk,
                disk.txns(),
                List.of());
    }

    boolean leads() {
        return alive && role == Role.LEADING;
    }

    /** Returns whether a quorum promised it its epoch. */
    boolean isEstablished() {
        return leads() && phase != Phase.DISCOVERY;
    }

    boolean isElecting() {
        return alive && role == Role.LOOKING && drained;
    }

    /** Returns whether it differs from an earlier moment in what invariants over all servers speak of. */
    boolean isNewsAfter(Local before) {
        return role != before.role
                || phase != before.phase
                || epoch != before.epoch
                || !disk.equals(before.disk)
                || !logged.equals(before.logged)
                || !applied.equals(before.applied);
    }

    String text() {
        return alive
                ? role + " " + phase + (epoch == 0 ? "" : " " + epoch) + ", disk " + disk.acceptedEpoch() + "/"
                        + disk.currentEpoch() + " "
                        + disk.txns().stream().map(txn -> txn.zxid().toString()).toList() + ", applied "
                        + applied.size()
                : "down";
    }
}
