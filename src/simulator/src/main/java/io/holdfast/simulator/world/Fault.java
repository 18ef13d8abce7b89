package io.holdfast.simulator.world;

/**
 * One fault of a world's plan.
 *
 * @param number its place in the plan, by which it can be left out
 * @param atMillis when it happens, or when it begins to wait for its moment
 * @param kind what
 * @param server whom it meets, counted from 1; 0 is whoever leads then
 * @param other a second server, for faults between two
 * @param millis how long it lasts, or how long a dead process stays dead
 * @param detail whatever else the kind needs
 */
public record Fault(int number, long atMillis, Kind kind, int server, int other, long millis, int detail) {

    /** Returns this fault with a server for whom it is meant. */
    Fault of(int whom) {
        return new Fault(number, atMillis, kind, whom, other, millis, detail);
    }

    /** What can go wrong. */
    public enum Kind {
        KILL,
        POWER_CUT,
        POWER_CUT_ALL,
        DIE_AT_MOMENT,
        DIE_IN_RECOVERY,
        ISOLATE,
        ONE_WAY,
        SPLIT,
        STAR,
        CHAIN,
        PAIR,
        FLAP,
        CLOG,
        CUT_LINKS,
        HAND_OFF,
        HALF_OPEN,
        LOSS,
        SLOW_NETWORK,
        PAUSE,
        SUSPEND,
        SLOW_DISK,
        STUCK_FSYNC,
        FSYNC_ERROR,
        WRITE_ERROR,
        DISK_FULL,
        ROT_SNAPSHOT,
        ROT_LOG,
        CLOCK_JUMP,
        PAUSE_CLIENT,
        CUT_CLIENT,
        SLOW_CLIENT,
        KILL_CLIENT,
        JOIN(true),
        PROMOTE(true),
        DEMOTE(true),
        REMOVE(true),
        REMOVE_LEADER(true),
        SWAP(true),
        REPLACE_ALL(true),
        DIE_IN_CHANGE(true),
        RETIRED_AGAIN(true),
        WIPE(false, true),
        OLD_DISK(false, true),
        UPGRADE(false, true),
        SET_BACK(false, true);

        private final boolean ofMembers;
        private final boolean ofDisks;

        Kind() {
            this(false);
        }

        Kind(boolean ofMembers) {
            this(ofMembers, false);
        }

        Kind(boolean ofMembers, boolean ofDisks) {
            this.ofMembers = ofMembers;
            this.ofDisks = ofDisks;
        }

        /** Returns whether it happens only in worlds whose members change. */
        boolean isOfMembers() {
            return ofMembers;
        }

        /** Returns whether it happens only in worlds in which servers are told apart by their disks. */
        boolean isOfDisks() {
            return ofDisks;
        }
    }
}
